using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// The media of a call in the clear, where nothing has to be authentic: RTP, telephone events, RTCP, and what the jitter buffer makes of
/// them in each period.
/// </summary>
internal sealed class MediaTarget : IFuzzTarget
{
    private const int SeedPackets = 12;

    private static readonly DtlsIdentity Identity = DtlsIdentity.Create(new SeededRandom(30), 1_800_000_000);
    private static readonly NetworkEndpoint Peer = NetworkEndpoint.FromIPv4(0xC0000214, 20000);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _buffer = new byte[4096];
    private readonly short[] _samples = new short[AudioStream.PacketSamples];

    public string Name => "media";

    public bool IsText => false;

    public long AllocationLimit => 4 << 20;

    public IEnumerable<FuzzInput> Seeds() => Enum.GetValues<AudioCodec>().Select(Seed);

    private FuzzInput Seed(AudioCodec codec)
    {
        using CallMedia media = Open(codec);
        List<byte[]> sent = [];
        Instant now = SipConversation.Start;
        _ = DtmfDigit.TryFromKey('5', out DtmfDigit digit);
        for (int period = 0; period < SeedPackets; period++, now += Period)
        {
            _ = period == SeedPackets / 2 && media.TryPressKey(digit);
            sent.Add(_buffer[..media.WritePacket(_samples, _buffer, now, out _)]);
            Drain(media, now, sent);
        }

        Drain(media, now + TimeSpan.FromSeconds(8), sent);
        sent.Add(_buffer[..media.End(_buffer, now, 0, out _)]);
        return new FuzzInput(sent);
    }

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        using CallMedia media = Open(AudioCodec.Opus);
        Instant now = SipConversation.Start;
        foreach (byte[] datagram in input.Datagrams)
        {
            media.Receive([.. datagram], Peer, now);
            signature.Add(Drain(media, now, null));
            _ = media.WritePacket(_samples, _buffer, now, out _);
            media.Play(_samples, now);
            media.Advance(now);
            now += Period;
        }

        signature.AddCount(media.Drops.Unknown);
        signature.AddCount(media.Drops.Malformed);
        signature.AddCount(media.Counters.PacketsReceived);
        signature.AddCount(media.Counters.PacketsLost);
        return signature.Value;
    }

    /// <summary>A call in which any codec may be received, and this one is sent.</summary>
    private CallMedia Open(AudioCodec codec)
    {
        SdpSettings settings = new()
        {
            Codecs = [codec, .. Enum.GetValues<AudioCodec>().Where(other => other != codec)],
            AllowPlain = true,
            Offers = MediaKeying.None,
            Fingerprint = Identity.Fingerprint,
        };
        using AudioSession session = new(settings, new SeededRandom(31), NetworkEndpoint.FromIPv4(0xC0000201, 20000));

        // Who answers with our own formats takes them all.
        string[] offer = Encoding.ASCII.GetString(_buffer, 0, session.WriteOffer(MediaDirection.SendReceive, _buffer)).Split("\r\n");
        string[] formats = [.. offer.Where(line => line.StartsWith("m=", StringComparison.Ordinal) || line.StartsWith("a=rtpmap", StringComparison.Ordinal))];
        byte[] answer = Encoding.ASCII.GetBytes(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n" + string.Join("\r\n", formats) + "\r\na=rtcp-mux\r\n");
        _ = session.TakeAnswer(answer, out AudioAgreement? agreement);
        CallMedia media = new(new MediaSettings
        {
            Identity = Identity,
            SrtpProfiles = [SrtpProfile.AeadAes128Gcm],
            PeerGone = TimeSpan.FromSeconds(8),
            Random = new SeededRandom(32),
        });
        media.Apply(agreement ?? throw new InvalidOperationException("The offer is not understood."), SipConversation.Start);
        return media;
    }

    private int Drain(CallMedia media, Instant now, List<byte[]>? sent)
    {
        int told = 0;
        while (true)
        {
            MediaOutput output = media.Poll(_buffer, now, 1_800_000_000_000_000_000);
            if (output.Kind == MediaOutputKind.Idle)
            {
                return told;
            }

            told = (told * 31) + (int)output.Kind + output.Digit;
            if (output.Kind == MediaOutputKind.Send)
            {
                sent?.Add(output.Datagram.ToArray());
            }
        }
    }
}
