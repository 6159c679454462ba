using System;
using System.Collections.Generic;
using System.Text;
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
        Endpoint = new SipEndpoint(settings, local, new SeededRandom(seed)) { AllowsTransfer = true };
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
                case SipOutputKind.OfferWanted:
                    Endpoint.RingWith(output.Call, "offer"u8, now);
                    break;
                case SipOutputKind.OfferAnswered:
                    Endpoint.Accept(output.Call, now);
                    break;
                case SipOutputKind.Referred:
                    Endpoint.ReportReferral(output.Call, 100, now);
                    _ = Endpoint.Invite("sip:indoor@192.0.2.2", null, "offer"u8, now, output.Call);
                    Endpoint.ReportReferral(output.Call, 200, now);
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
        foreach (byte[] message in Transfers(toCallee, toCaller))
        {
            toCallee.Add(message);
            callee.Receive(message, Start);
        }

        Exchange(caller, callee, toCallee, toCaller);
        caller.Endpoint.End(call, SipEndCause.AnsweredElsewhere, Start);
        Exchange(caller, callee, toCallee, toCaller);
        return (toCallee, toCaller);
    }

    /// <summary>What no agent sends: a REFER in the call, and an INVITE that wants to take its place.</summary>
    private static IEnumerable<byte[]> Transfers(List<byte[]> toCallee, List<byte[]> toCaller)
    {
        string invite = Encoding.ASCII.GetString(toCallee.Find(message => message.AsSpan().StartsWith("INVITE "u8))!);
        string answer = Encoding.ASCII.GetString(toCaller.Find(message => message.AsSpan().StartsWith("SIP/2.0 200"u8))!);
        string to = Line(answer, "To");
        string tag = to.Split(";tag=")[1];
        string replaces = $"{Line(invite, "Call-ID")};to-tag={tag};from-tag={Line(invite, "From").Split(";tag=")[1]}";
        yield return Encoding.ASCII.GetBytes(
            $"REFER sip:door@192.0.2.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKrefer;rport\r\nMax-Forwards: 70\r\n"
            + $"From: {Line(invite, "From")}\r\nTo: {to}\r\nCall-ID: {Line(invite, "Call-ID")}\r\nCSeq: 4 REFER\r\n"
            + "Contact: <sip:door@192.0.2.1:5060>\r\nRefer-To: <sip:a@192.0.2.9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>\r\n"
            + "Referred-By: <sip:door@192.0.2.1>\r\nContent-Length: 0\r\n\r\n");
        yield return Encoding.ASCII.GetBytes(
            "INVITE sip:door@192.0.2.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKreplaces;rport\r\nMax-Forwards: 70\r\n"
            + "From: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:door@192.0.2.2>\r\nCall-ID: another\r\nCSeq: 1 INVITE\r\n"
            + $"Contact: <sip:a@192.0.2.1:5060>\r\nReplaces: {replaces}\r\nContent-Length: 0\r\n\r\n");
    }

    private static string Line(string message, string name) =>
        Array.Find(message.Split("\r\n"), line => line.StartsWith($"{name}: ", StringComparison.Ordinal))![(name.Length + 2)..];

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
