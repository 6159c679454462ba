using System;
using System.Collections.Generic;
using System.Text;

namespace IntercomAgent.Tests.Unit.Primitives;

/// <summary>The published results of SHA-1, SHA-256 and of HMAC over both.</summary>
internal static class DigestVectors
{
    private const string TwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    /// <summary>
    /// The messages of NIST's examples for FIPS 180-4 (https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values),
    /// nothing, and FIPS 180-2's million times "a".
    /// </summary>
    public static IEnumerable<(byte[] Message, string Sha1, string Sha256)> Messages =>
    [
        (
            [],
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abc"u8.ToArray(),
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Encoding.ASCII.GetBytes(TwoBlocks),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            Repeated(0x61, 1_000_000),
            "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ];

    /// <summary>RFC 2202 section 3, test cases 1 to 7.</summary>
    public static IEnumerable<(byte[] Key, byte[] Message, string Code)> HmacSha1 =>
    [
        (Repeated(0x0B, 20), "Hi There"u8.ToArray(), "b617318655057264e28bc0b6fb378c8ef146be00"),
        ("Jefe"u8.ToArray(), "what do ya want for nothing?"u8.ToArray(), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (Repeated(0xAA, 20), Repeated(0xDD, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
        (CountedKey, Repeated(0xCD, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
        (Repeated(0x0C, 20), "Test With Truncation"u8.ToArray(), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
        (
            Repeated(0xAA, 80),
            "Test Using Larger Than Block-Size Key - Hash Key First"u8.ToArray(),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        (
            Repeated(0xAA, 80),
            "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"u8.ToArray(),
            "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
    ];

    /// <summary>RFC 4231 sections 4.2 to 4.8; of the fifth only the first 128 bits are published.</summary>
    public static IEnumerable<(byte[] Key, byte[] Message, string Code)> HmacSha256 =>
    [
        (Repeated(0x0B, 20), "Hi There"u8.ToArray(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            "Jefe"u8.ToArray(),
            "what do ya want for nothing?"u8.ToArray(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (Repeated(0xAA, 20), Repeated(0xDD, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (CountedKey, Repeated(0xCD, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (Repeated(0x0C, 20), "Test With Truncation"u8.ToArray(), "a3b6167473100ee06e0c796c2955552b"),
        (
            Repeated(0xAA, 131),
            "Test Using Larger Than Block-Size Key - Hash Key First"u8.ToArray(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (
            Repeated(0xAA, 131),
            Encoding.ASCII.GetBytes(
                "This is a test using a larger than block-size key and a larger than block-size data. "
                + "The key needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ];

    private static byte[] CountedKey => Convert.FromHexString("0102030405060708090a0b0c0d0e0f10111213141516171819");

    private static byte[] Repeated(byte value, int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }
}
