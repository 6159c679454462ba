using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>A whole user agent that calls, is called, and is registered; afterwards nothing may be left of it all.</summary>
internal sealed class SipEndpointTarget : IFuzzTarget
{
    /// <summary>Longer than any timer of SIP goes on after the end.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(200);

    public string Name => "sip-endpoint";

    public bool IsText => true;

    public long AllocationLimit => 32 << 20;

    public IEnumerable<FuzzInput> Seeds() =>
    [
        new FuzzInput([.. SipConversation.ToCallee()]),
        new FuzzInput([.. SipConversation.ToCaller()]),
        .. Corpus.TortureMessages(),
        .. Corpus.SipMessages(),
    ];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        foreach (SipConversation side in (SipConversation[])[SipConversation.Callee(), SipConversation.Caller()])
        {
            Instant now = SipConversation.Start;
            foreach (byte[] datagram in input.Datagrams)
            {
                side.Receive(datagram, now);
                now += TimeSpan.FromMilliseconds(10);
            }

            End(side, now);
            signature.Add((long)side.Story.Value);
            for (SipDropReason reason = 0; reason < SipDropReason.Count; reason++)
            {
                signature.AddCount(side.Endpoint.Dropped(reason));
            }
        }

        return signature.Value;
    }

    private static void End(SipConversation side, Instant now)
    {
        side.Endpoint.Close(now);
        Instant end = now + Afterwards;
        for (Instant wakeAt = side.Drain(now); wakeAt <= end; wakeAt = side.Drain(now))
        {
            now = wakeAt > now ? wakeAt : now;
            side.Endpoint.Advance(now);
        }

        if (side.Endpoint is not { IsClosed: true, ActiveCalls: 0, KeptCalls: 0, Transactions: 0 })
        {
            throw new InvalidOperationException(
                $"{side.Endpoint.ActiveCalls} calls, {side.Endpoint.KeptCalls} kept and {side.Endpoint.Transactions} transactions are left.");
        }
    }
}
