using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// A user agent that answers every call and every offer, and calls somebody itself; and what one of that kind hears from another. It is
/// seeded: what one heard once fits its calls when it hears it again.
/// </summary>
internal sealed class SipConversation
{
    public static readonly NetworkEndpoint CallerAddress = NetworkEndpoint.FromIPv4(0xC0000201, 5060);
    public static readonly NetworkEndpoint CalleeAddress = NetworkEndpoint.FromIPv4(0xC0000202, 5060);

    private readonly byte[] _buffer = new byte[SipEndpoint.BufferSize];
    private readonly List<(byte[] Datagram, NetworkEndpoint To)> _sent = [];

    private SipConversation(NetworkEndpoint local, int seed)
    {
        SipSettings settings = new()
        {
            DisplayName = "Door",
            User = "door",
            Instance = "urn:uuid:00000000-0000-8000-8000-000000000001",
            Accounts = [new SipAccount(NetworkEndpoint.FromIPv4(0xC0000203, 5060), "door", new Secret("secret"), TimeSpan.FromMinutes(10)) { UsesGruu = true }],
        };
        Endpoint = new SipEndpoint(settings, local, new SeededRandom(seed));
    }

    public SipEndpoint Endpoint { get; }

    /// <summary>What it told, in short.</summary>
    public Signature Story { get; private set; } = new();

    public static Instant Start { get; } = Instant.Zero + TimeSpan.FromSeconds(1000);

    public static SipConversation Callee() => new(CalleeAddress, 2);

    public static SipConversation Caller()
    {
        SipConversation caller = new(CallerAddress, 1);
        caller.Endpoint.Register(Start);
        _ = caller.Endpoint.Invite("sip:indoor@192.0.2.2", null, "offer"u8, Start);
        caller.Drain(Start);
        return caller;
    }

    /// <summary>What a callee hears in a call with everything in it.</summary>
    public static List<byte[]> ToCallee() => Converse().ToCallee;

    /// <summary>What a caller hears in a call with everything in it.</summary>
    public static List<byte[]> ToCaller() => Converse().ToCaller;

    /// <summary>Takes in a datagram and lives on until there is nothing to do.</summary>
    public void Receive(byte[] datagram, Instant now)
    {
        Endpoint.Receive(datagram, Endpoint.Local == CallerAddress ? CalleeAddress : CallerAddress, now);
        Drain(now);
    }

    /// <summary>Polls to idle, and does what is expected of an owner.</summary>
    public Instant Drain(Instant now)
    {
        Signature story = Story;
        while (true)
        {
            SipOutput output = Endpoint.Poll(_buffer);
            switch (output.Kind)
            {
                case SipOutputKind.Idle:
                    Story = story;
                    return output.WakeAt;
                case SipOutputKind.Send:
                    _sent.Add((output.Datagram.ToArray(), output.To.Endpoint));
                    story.Add(output.Datagram.StartsWith("SIP"u8) ? (output.Datagram[8] << 16) | (output.Datagram[10] << 8) : output.Datagram[0]);
                    continue;
                case SipOutputKind.Incoming:
                    Endpoint.Ring(output.Call, now);
                    Endpoint.Accept(output.Call, "answer"u8, now);
                    break;
                case SipOutputKind.Reoffered:
                    Endpoint.Accept(output.Call, "answer"u8, now);
                    break;
                default:
                    break;
            }

            story.Add((int)output.Kind);
            story.Add(output.Status);
        }
    }

    private static (List<byte[]> ToCallee, List<byte[]> ToCaller) Converse()
    {
        List<byte[]> toCallee = [];
        List<byte[]> toCaller = [];
        SipConversation caller = Caller();
        SipConversation callee = Callee();
        SipCall call = new(1);
        Exchange(caller, callee, toCallee, toCaller);
        caller.Endpoint.SendInfo(call, InfoDigits.BareType, "5"u8, Start);
        Exchange(caller, callee, toCallee, toCaller);
        callee.Endpoint.Reinvite(call, "offer"u8, Start);
        Exchange(caller, callee, toCallee, toCaller);
        caller.Endpoint.Reinvite(call, "offer"u8, Start);
        Exchange(caller, callee, toCallee, toCaller);
        caller.Endpoint.End(call, SipEndCause.AnsweredElsewhere, Start);
        Exchange(caller, callee, toCallee, toCaller);
        return (toCallee, toCaller);
    }

    private static void Exchange(SipConversation caller, SipConversation callee, List<byte[]> toCallee, List<byte[]> toCaller)
    {
        caller.Drain(Start);
        callee.Drain(Start);
        while (caller._sent.Count + callee._sent.Count > 0)
        {
            caller.GiveTo(callee, CalleeAddress, toCallee);
            callee.GiveTo(caller, CallerAddress, toCaller);
        }
    }

    private void GiveTo(SipConversation other, NetworkEndpoint there, List<byte[]> heard)
    {
        (byte[] Datagram, NetworkEndpoint To)[] sent = [.. _sent];
        _sent.Clear();
        foreach ((byte[] datagram, NetworkEndpoint to) in sent)
        {
            if (to == there)
            {
                heard.Add(datagram);
                other.Receive(datagram, Start);
            }
        }
    }
}
