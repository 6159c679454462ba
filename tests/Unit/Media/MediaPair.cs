using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>Two sides of a call, a network without delay between them, and a clock that is moved by hand.</summary>
internal sealed class MediaPair : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public MediaPair(bool allowPlain = false, MediaKeying offers = MediaKeying.Dtls)
    {
        Offerer = new MediaParty(1, allowPlain, offers);
        Answerer = new MediaParty(2, allowPlain, offers);
    }

    public MediaParty Offerer { get; }

    public MediaParty Answerer { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    /// <summary>Says of a datagram and its destination whether it is lost.</summary>
    public Func<byte[], NetworkEndpoint, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>Every datagram that was under way.</summary>
    public List<(byte[] Datagram, NetworkEndpoint From, NetworkEndpoint To)> Carried { get; } = [];

    /// <summary>A call that is up and secured.</summary>
    public static MediaPair Connected()
    {
        MediaPair pair = new();
        pair.Agree();
        pair.Settle();
        return pair;
    }

    /// <summary>Offer and answer, both at once.</summary>
    public void Agree(MediaDirection direction = MediaDirection.SendReceive) =>
        Offerer.Take(Answerer.Answer(Offerer.Offer(direction), Now), Now);

    /// <summary>Carries datagrams and does the work until there is neither.</summary>
    public void Settle()
    {
        while (Offerer.Work(Now) | Answerer.Work(Now) | Carry(Offerer, Answerer) | Carry(Answerer, Offerer))
        {
        }
    }

    /// <summary>Lets periods of the audio clock pass.</summary>
    public void Run(int periods)
    {
        for (int period = 0; period < periods; period++)
        {
            Now += Period;
            Offerer.Period(Now);
            Answerer.Period(Now);
            Offerer.Advance(Now);
            Answerer.Advance(Now);
            Settle();
        }
    }

    public void Dispose()
    {
        Offerer.Dispose();
        Answerer.Dispose();
    }

    private bool Carry(MediaParty from, MediaParty to)
    {
        bool any = false;
        while (from.Sent.TryDequeue(out (byte[] Datagram, NetworkEndpoint To) sent))
        {
            any = true;
            Carried.Add((sent.Datagram, from.Endpoint, sent.To));
            if (sent.To == to.Endpoint && !Loses(sent.Datagram, sent.To))
            {
                to.Receive(sent.Datagram, from.Endpoint, Now);
            }
        }

        return any;
    }
}
