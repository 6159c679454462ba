using System;

namespace IntercomAgent.Tests.Unit.Primitives;

/// <summary>One published computation of an AEAD cipher.</summary>
internal sealed record AeadVector(
    string Name, byte[] Key, byte[] Nonce, byte[] AdditionalData, byte[] Plaintext, byte[] Ciphertext, byte[] Tag);

/// <summary>Published test vectors, each named after its source.</summary>
internal static class AeadVectors
{
    private const string GcmPlaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";

    /// <summary>McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: the test cases with nonces of 96 bits.</summary>
    public static AeadVector[] AesGcm { get; } =
    [
        Of("GCM test case 1", "00000000000000000000000000000000", "000000000000000000000000", "", "", "",
            "58e2fccefa7e3061367f1d57a4e7455a"),
        Of("GCM test case 2", "00000000000000000000000000000000", "000000000000000000000000", "",
            "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"),
        Of("GCM test case 3", "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "", GcmPlaintext,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac97"
            + "3d58e091473f5985",
            "4d5c2af327cd64a62cf35abd2ba6fab4"),
        Of("GCM test case 4", "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2", GcmPlaintext[..120],
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47"),
        Of("GCM test case 13", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
            "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        Of("GCM test case 14", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
            "", "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
        Of("GCM test case 15", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "", GcmPlaintext,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
            + "bcc9f662898015ad",
            "b094dac5d93471bdec1a502270e3cc6c"),
        Of("GCM test case 16", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2", GcmPlaintext[..120],
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"),
    ];

    /// <summary>RFC 8439 section 2.8.2.</summary>
    public static AeadVector[] ChaCha20Poly1305 { get; } =
    [
        new AeadVector("RFC 8439 section 2.8.2",
            Convert.FromHexString("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
            Convert.FromHexString("070000004041424344454647"),
            Convert.FromHexString("50515253c0c1c2c3c4c5c6c7"),
            [
                .. "Ladies and Gentlemen of the class of '99: "u8,
                .. "If I could offer you only one tip for the future, sunscreen would be it."u8,
            ],
            Convert.FromHexString(
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b29"
            + "05d6a5b67ecd3b36"
                + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"),
            Convert.FromHexString("1ae10b594f09e26a7e902ecbd0600691")),
    ];

    private static AeadVector Of(
        string name, string key, string nonce, string additionalData, string plaintext, string ciphertext, string tag) =>
        new(name, Convert.FromHexString(key), Convert.FromHexString(nonce), Convert.FromHexString(additionalData),
            Convert.FromHexString(plaintext), Convert.FromHexString(ciphertext), Convert.FromHexString(tag));
}
