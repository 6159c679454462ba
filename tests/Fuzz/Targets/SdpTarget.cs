using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>Session descriptions, as offers and as answers, one after another in the same session.</summary>
internal sealed class SdpTarget : IFuzzTarget
{
    private const string Browser =
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n"
        + "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
        + "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9"
        + ":B1:3F:82:18:3B:54:02:12:DF\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
        + "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:126 telephone-event/8000\r\n"
        + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP6 ::\r\na=rtpmap:96 VP8/90000\r\na=inactive\r\n";

    private const string Telephone =
        "v=0\r\no=phone 1 2 IN IP4 192.0.2.20\r\ns=call\r\nc=IN IP4 192.0.2.20\r\nb=AS:80\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
        + "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendonly\r\na=rtcp:40001\r\n";

    private const string Keyed =
        "v=0\r\no=phone 1 2 IN IP4 192.0.2.20\r\ns=call\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 40000 RTP/SAVP 0 8\r\n"
        + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP WSH=64\r\n"
        + "a=crypto:2 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==|1048576 -x KDR=1 UNENCRYPTED_SRTP\r\n"
        + "a=crypto:3 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|1:4;inline:QUJj|2:4 FEC_KEY=inline:AA==\r\n";

    private static readonly CertificateFingerprint Fingerprint = CertificateFingerprint.Compute("a certificate"u8);

    public string Name => "sdp";

    public bool IsText => true;

    public long AllocationLimit => 4 << 20;

    public IEnumerable<FuzzInput> Seeds() =>
    [
        new FuzzInput([Encoding.Latin1.GetBytes(Browser)]),
        new FuzzInput([Encoding.Latin1.GetBytes(Telephone), Encoding.Latin1.GetBytes(Browser)]),
        new FuzzInput([Encoding.Latin1.GetBytes(Keyed), Encoding.Latin1.GetBytes(Keyed)]),
        .. Corpus.SessionDescriptions(),
    ];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        byte[] buffer = new byte[SdpLimits.WrittenDescription];
        foreach (bool isLax in (bool[])[false, true])
        {
            SdpSettings settings = new()
            {
                Codecs = Enum.GetValues<AudioCodec>(),
                AllowPlain = isLax,
                Offers = isLax ? MediaKeying.Signalling : MediaKeying.Dtls,
                CryptoSuites = [SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AeadAes128Gcm],
                Fingerprint = Fingerprint,
            };
            KeyTravel travel = isLax ? KeyTravel.Allowed : KeyTravel.NotAllowed;
            using AudioSession answering = new(settings, new SeededRandom(20), NetworkEndpoint.FromIPv4(0xC0000201, 16384)) { KeyTravel = travel };
            using AudioSession offering = new(settings, new SeededRandom(21), NetworkEndpoint.FromIPv4(0xC0000201, 16386)) { KeyTravel = travel };
            foreach (byte[] description in input.Datagrams)
            {
                signature.Add((int)answering.AnswerOffer(description, buffer, out _, out AudioAgreement? answered));
                _ = offering.WriteOffer(MediaDirection.SendReceive, buffer);
                signature.Add((int)offering.TakeAnswer(description, out AudioAgreement? taken));
                Look(answered, ref signature);
                Look(taken, ref signature);
            }
        }

        return signature.Value;
    }

    private static void Look(AudioAgreement? agreement, ref Signature signature)
    {
        signature.Add(agreement is null ? 0 : ((int)agreement.Direction << 8) | (agreement.IsEncrypted ? 2 : 0) | (agreement.RtcpMux ? 1 : 0));
        signature.Add(agreement?.RemoteFingerprints.Count ?? 0);
        signature.Add((int?)agreement?.Keys?.Remote.Profile ?? 0);
        signature.Add(agreement?.ReceiveFormats.Count ?? 0);
    }
}
