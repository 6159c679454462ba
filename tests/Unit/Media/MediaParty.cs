using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>One side of a call: its description, its media, and what they told.</summary>
internal sealed class MediaParty : IDisposable
{
    public static readonly TimeSpan PeerGone = TimeSpan.FromSeconds(8);

    private const long UnixTimeOffset = 1_800_000_000_000_000_000;

    private readonly byte[] _buffer = new byte[2048];
    private readonly short[] _voice = new short[AudioStream.PacketSamples];
    private readonly short[] _heard = new short[AudioStream.PacketSamples];
    private readonly SdpSettings _description;
    private readonly SeededRandom _random;
    private AudioSession _session;

    public MediaParty(byte host, bool allowPlain = false, MediaKeying offers = MediaKeying.Dtls)
    {
        _random = new SeededRandom(host);
        Identity = DtlsIdentity.Create(_random, 1_800_000_000);
        Endpoint = NetworkEndpoint.FromIPv4(0xC0000200u + host, 20000);
        _description = new SdpSettings
        {
            Codecs = [AudioCodec.Pcmu],
            AllowPlain = allowPlain,
            Offers = offers,
            CryptoSuites = [SrtpProfile.AesCm128HmacSha1Tag80],
            Fingerprint = Identity.Fingerprint,
        };
        _session = NewSession();
        Media = new CallMedia(new MediaSettings
        {
            Identity = Identity,
            SrtpProfiles = [SrtpProfile.AeadAes128Gcm],
            PeerGone = PeerGone,
            Random = _random,
        });
        Array.Fill(_voice, (short)(1000 * host));
    }

    public DtlsIdentity Identity { get; }

    /// <summary>Where its datagrams come from; a test may move it.</summary>
    public NetworkEndpoint Endpoint { get; set; }

    public CallMedia Media { get; }

    /// <summary>What the media told, in order: kinds, and digits as they are.</summary>
    public string Told { get; private set; } = "";

    public string? Problem { get; private set; }

    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>The loudest sample of the last period that was played.</summary>
    public short Heard { get; private set; }

    /// <summary>What it sent and nobody has taken yet.</summary>
    public Queue<(byte[] Datagram, NetworkEndpoint To)> Sent { get; } = new();

    public byte[] Offer(MediaDirection direction = MediaDirection.SendReceive)
    {
        byte[] offer = _buffer[.._session.WriteOffer(direction, _buffer)];
        if (!_session.OffersKeys)
        {
            Media.ExpectHandshake();
        }

        return offer;
    }

    public byte[] Answer(byte[] offer, Instant now)
    {
        Assert.Equal(SdpVerdict.Accepted, _session.AnswerOffer(offer, _buffer, out int length, out AudioAgreement? agreement));
        byte[] answer = _buffer[..length];
        Media.Apply(agreement!, now);
        Drain(now);
        return answer;
    }

    public void Take(byte[] answer, Instant now)
    {
        Assert.Equal(SdpVerdict.Accepted, _session.TakeAnswer(answer, out AudioAgreement? agreement));
        Media.Apply(agreement!, now);
        Drain(now);
    }

    /// <summary>Another device takes the call over: from now on its descriptions and its handshakes are another one's.</summary>
    public void ForgetSession()
    {
        _session.Dispose();
        _session = NewSession();
    }

    /// <summary>Nothing that was agreed with the branch of a fork that answered first holds.</summary>
    public void AwaitAnotherAnswer()
    {
        _session.AwaitAnotherAnswer();
        Media.Restart();
    }

    public void Receive(byte[] datagram, NetworkEndpoint from, Instant now)
    {
        Media.Receive((byte[])datagram.Clone(), from, now);
        Drain(now);
    }

    public void Advance(Instant now)
    {
        if (now >= WakeAt)
        {
            Media.Advance(now);
            Drain(now);
        }
    }

    public bool Work(Instant now)
    {
        bool had = Media.HasWork;
        Media.Work(now);
        Drain(now);
        return had;
    }

    /// <summary>One period of the audio clock.</summary>
    public void Period(Instant now)
    {
        int length = Media.WritePacket(_voice, _buffer, now, out NetworkEndpoint to);
        if (length > 0)
        {
            Sent.Enqueue((_buffer[..length], to));
        }

        Media.Play(_heard, now);
        Heard = 0;
        foreach (short sample in _heard)
        {
            Heard = short.Max(Heard, sample);
        }
    }

    public bool Press(char key) => DtmfDigit.TryFromKey(key, out DtmfDigit digit) && Media.TryPressKey(digit);

    public void End(Instant now)
    {
        int length = Media.End(_buffer, now, UnixTimeOffset, out NetworkEndpoint to);
        if (length > 0)
        {
            Sent.Enqueue((_buffer[..length], to));
        }

        Drain(now);
    }

    public void Dispose()
    {
        _session.Dispose();
        Media.Dispose();
    }

    private AudioSession NewSession() => new(_description, _random, Endpoint) { KeyTravel = KeyTravel.Allowed };

    private void Drain(Instant now)
    {
        while (true)
        {
            MediaOutput output = Media.Poll(_buffer, now, UnixTimeOffset + now.Nanoseconds);
            switch (output.Kind)
            {
                case MediaOutputKind.Idle:
                    WakeAt = output.WakeAt;
                    return;
                case MediaOutputKind.Send:
                    Sent.Enqueue((output.Datagram.ToArray(), output.To));
                    break;
                case MediaOutputKind.Digit:
                    Told += output.Digit;
                    break;
                default:
                    Told += output.Kind;
                    Problem = output.Problem ?? Problem;
                    break;
            }
        }
    }
}
