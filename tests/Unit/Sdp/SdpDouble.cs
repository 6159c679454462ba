using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;

namespace IntercomAgent.Tests.Unit.Sdp;

/// <summary>A session of ours, with a peer who speaks in text.</summary>
internal sealed class SdpDouble
{
    public const string Sha256 =
        "sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF";

    private readonly AudioSession _session;
    private readonly byte[] _buffer = new byte[SdpLimits.WrittenDescription];

    public SdpDouble(bool allowPlain = false, string local = "192.0.2.1", params AudioCodec[] codecs)
        : this(allowPlain, offersPlain: false, local, codecs)
    {
    }

    public SdpDouble(bool allowPlain, bool offersPlain, string local = "192.0.2.1", params AudioCodec[] codecs)
        : this(
            new SdpSettings
            {
                Codecs = codecs.Length > 0 ? codecs : [AudioCodec.Pcmu, AudioCodec.Pcma],
                AllowPlain = allowPlain,
                Offers = offersPlain ? MediaKeying.None : MediaKeying.Dtls,
                Fingerprint = OurFingerprint,
            },
            local)
    {
    }

    private SdpDouble(SdpSettings settings, string local, int seed = 20)
    {
        _ = NetworkEndpoint.TryParseAddress(local, 16384, out NetworkEndpoint endpoint);
        _session = new AudioSession(settings, new SeededRandom(seed), endpoint);
    }

    private static CertificateFingerprint OurFingerprint => CertificateFingerprint.Compute("our certificate"u8);

    /// <summary>A session whose keys may be in its descriptions.</summary>
    public static SdpDouble WithKeys(
        MediaKeying offers = MediaKeying.Signalling, KeyTravel travel = KeyTravel.Allowed, int seed = 20, params SrtpProfile[] suites)
    {
        SdpSettings settings = new()
        {
            Codecs = [AudioCodec.Pcmu],
            AllowPlain = false,
            Offers = offers,
            CryptoSuites = suites.Length > 0 ? suites : [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
            Fingerprint = OurFingerprint,
        };
        return new SdpDouble(settings, "192.0.2.1", seed) { KeyTravel = travel };
    }

    public KeyTravel KeyTravel
    {
        set => _session.KeyTravel = value;
    }

    /// <summary>Its media port is another one from now on.</summary>
    public void Move() => _session.Move(NetworkEndpoint.FromIPv4(0xC0000201, 16386));

    /// <summary>It ends.</summary>
    public void End() => _session.Dispose();

    public void AwaitAnotherAnswer() => _session.AwaitAnotherAnswer();

    public AudioAgreement? Agreement { get; private set; }

    public AudioAgreement Agreed => Agreement ?? throw new InvalidOperationException("There is no agreement.");

    public AudioAgreement? Lasting => _session.Agreement;

    public string Offer(MediaDirection direction = MediaDirection.SendReceive) =>
        Encoding.Latin1.GetString(_buffer, 0, _session.WriteOffer(direction, _buffer));

    public SdpVerdict Take(string answer)
    {
        SdpVerdict verdict = _session.TakeAnswer(Encoding.Latin1.GetBytes(answer), out AudioAgreement? agreement);
        Agreement = agreement;
        return verdict;
    }

    public SdpVerdict Answer(ReadOnlySpan<byte> offer, out string answer)
    {
        SdpVerdict verdict = _session.AnswerOffer(offer, _buffer, out int length, out AudioAgreement? agreement);
        Agreement = agreement;
        answer = Encoding.Latin1.GetString(_buffer, 0, length);
        return verdict;
    }

    public SdpVerdict Answer(string offer, out string answer) => Answer(Encoding.Latin1.GetBytes(offer), out answer);

    public SdpVerdict Answer(string offer) => Answer(offer, out _);

    public void Withdraw() => _session.WithdrawOffer();

    /// <summary>The text of <c>Expected/name.sdp</c>, with the line ends of the wire.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder(), name + ".sdp")).ReplaceLineEndings("\r\n");

    /// <summary>The names of the offers whose answers lie beside them.</summary>
    public static IEnumerable<string> Offers() =>
        Directory.GetFiles(Folder(), "*.offer.sdp").Select(path => Path.GetFileName(path)[..^".offer.sdp".Length]).Order();

    /// <summary>A description of the peer's with one audio line and the given attributes.</summary>
    public static string Peer(string attributes, string address = "192.0.2.20", int port = 7000, string protocol = "UDP/TLS/RTP/SAVP") =>
        $"v=0\r\no=- 5 5 IN IP4 192.0.2.20\r\ns=-\r\nc=IN {(address.Contains(':') ? "IP6" : "IP4")} {address}\r\nt=0 0\r\n"
        + $"m=audio {port} {protocol} 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
        + string.Concat(attributes.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(attribute => $"a={attribute}\r\n"));

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path) ?? "", "Expected");
}
