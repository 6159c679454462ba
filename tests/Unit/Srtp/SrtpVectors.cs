using System;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Tests.Unit.Srtp;

/// <summary>Published packets, plain and protected, each set named after its source.</summary>
internal static class SrtpVectors
{
    /// <summary>The RTP packet of RFC 7714 section 16.</summary>
    public const string Rtp =
        "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361"
        + "20696e207061727465732074726573";

    /// <summary>The RTCP packet of RFC 7714 section 17.</summary>
    public const string Rtcp =
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
        + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    /// <summary>The SRTCP index of RFC 7714 section 17.</summary>
    public const int RtcpIndex = 0x5D4;

    /// <summary>The session salt of RFC 7714 sections 16 and 17.</summary>
    public static byte[] SessionSalt { get; } = "Quid pro quo"u8.ToArray();

    /// <summary>The session key of RFC 7714 sections 16 and 17: 00 01 02 and so on.</summary>
    public static byte[] SessionKey(SrtpProfile profile) =>
        Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")[..profile.KeyLength];

    /// <summary>RFC 7714 sections 16.1.1 and 16.1.2, 16.2.1 and 16.2.2.</summary>
    public static string ProtectedRtp(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm
        ? "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b"
            + "36de3adf8833899d7f27beb16a9152cf765ee4390cce"
        : "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f"
            + "1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13";

    /// <summary>RFC 7714 sections 16.1.3 and 16.1.4, 16.2.3 and 16.2.4: the tag over a packet that is not encrypted.</summary>
    public static string TagOfClearRtp(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm
        ? "22493f82d2bce397e9d79e3b19aa4216"
        : "a866d5910f887463067ceefec45215d4";

    /// <summary>RFC 7714 sections 17.1 and 17.2.</summary>
    public static string ProtectedRtcp(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm
        ? "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b46"
            + "86303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"
        : "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658"
            + "c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4";

    /// <summary>RFC 7714 sections 17.3 and 17.4: what is added to a packet that is not encrypted.</summary>
    public static string TrailerOfClearRtcp(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm
        ? "841dd9683dd78ec92ae58790125f62b3000005d4"
        : "91db4afbfeee5a978fab4393ed2615fe000005d4";
}
