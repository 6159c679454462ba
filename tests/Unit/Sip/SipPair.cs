using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>
/// Endpoints in memory, joined by a network without delay that loses what a test chooses, on a clock that is moved by hand.
/// Everything that is sent or told becomes a line.
/// </summary>
internal sealed class SipPair
{
    private readonly Queue<(SipParty From, byte[] Datagram, NetworkEndpoint To)> _wire = new();
    private readonly List<(string Line, int Skip)> _losses = [];
    private readonly StringBuilder _flow = new();
    private readonly Instant _origin;

    public SipPair(SipSettings? alice = null, SipSettings? bob = null, INameSystem? names = null)
    {
        Alice = new SipParty("alice", NetworkEndpoint.FromIPv4(0xC0000201, 5060), 1, alice, names);
        Bob = new SipParty("bob", NetworkEndpoint.FromIPv4(0xC0000202, 5060), 2, bob);
        Parties = [Alice, Bob];
        Now = _origin = Instant.Zero + TimeSpan.FromSeconds(1000);
    }

    public SipParty Alice { get; }

    public SipParty Bob { get; }

    public List<SipParty> Parties { get; }

    /// <summary>Addresses without an endpoint: what is sent there is only noted down.</summary>
    public Dictionary<NetworkEndpoint, Action<string>> Deaf { get; } = [];

    public Instant Now { get; private set; }

    /// <summary>
    /// What went over the wire: <c>alice INVITE</c>, <c>bob 200 INVITE</c>; with <c>lost</c> behind it if it did not arrive.
    /// </summary>
    public List<string> Wire { get; } = [];

    /// <summary>The last STUN message, whose bytes make no text.</summary>
    public byte[] LastStun { get; private set; } = [];

    /// <summary>The datagrams in the same order.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Lets the network hold everything back until the next <see cref="Drive"/>.</summary>
    public bool IsHeld { get; set; }

    public static ReadOnlySpan<byte> OfferBytes => "offer"u8;

    public static ReadOnlySpan<byte> AnswerBytes => "answer"u8;

    /// <summary>Loses the datagram of that line after so many that arrive; -1 loses all.</summary>
    public void Lose(string line, int skip = 0) => _losses.Add((line, skip));

    public void LoseNothing() => _losses.Clear();

    public SipCall Call(string uri = "sip:bob@192.0.2.2")
    {
        SipCall call = Alice.Endpoint.Invite(uri, null, OfferBytes, Now);
        Drive();
        return call;
    }

    /// <summary>A call that is up.</summary>
    public SipCall Establish()
    {
        SipCall call = Call();
        Do(() => Bob.Endpoint.Accept(new SipCall(1), AnswerBytes, Now));
        Assert.Equal("Answered 1 [answer]", Alice.Told[^1]);
        Assert.Equal("Confirmed 1", Bob.Told[^1]);
        return call;
    }

    public void Do(Action act)
    {
        act();
        Drive();
    }

    /// <summary>Lets a message arrive that no endpoint sent.</summary>
    public void Inject(SipParty receiver, string message, NetworkEndpoint from)
    {
        Note($"{from} -> {receiver.Name}", message);
        receiver.Endpoint.Receive(Encoding.UTF8.GetBytes(message), from, Now);
        Drive();
    }

    /// <summary>Delivers until nobody has anything to say.</summary>
    public void Drive()
    {
        Collect();
        while (!IsHeld && _wire.TryDequeue(out (SipParty From, byte[] Datagram, NetworkEndpoint To) next))
        {
            Deliver(next.From, next.Datagram, next.To);
            Collect();
        }
    }

    /// <summary>Lets time pass; everybody is woken as they asked.</summary>
    public void Wait(double seconds)
    {
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        for (Instant next = Next(); next <= end; next = Next())
        {
            Now = next > Now ? next : Now;
            Parties.ForEach(party => party.Endpoint.Advance(Now));
            Drive();
        }

        Now = end;
    }

    /// <summary>
    /// Compares everything so far with the file in <c>Expected</c>, line by line. What differs is left beside the test program.
    /// </summary>
    public void ShouldBe(string file, [CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, "Expected", file);
        string[] expected = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] actual = _flow.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (!expected.SequenceEqual(actual))
        {
            File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, file), actual);
        }

        Assert.Equal(expected, actual);
    }

    /// <summary>Nothing is left anywhere once all timers have run out.</summary>
    public void ShouldLeaveNothing()
    {
        Wait(200);
        foreach (SipParty party in Parties)
        {
            Assert.Equal((0, 0, 0), (party.Endpoint.ActiveCalls, party.Endpoint.KeptCalls, party.Endpoint.Transactions));
            Assert.Equal(Instant.Never, party.WakeAt);
        }
    }

    /// <summary>What a datagram is, in short.</summary>
    public static string Summary(byte[] datagram)
    {
        string[] lines = Encoding.UTF8.GetString(datagram).Split("\r\n");
        string[] first = lines[0].Split(' ');
        string method = lines.FirstOrDefault(line => line.StartsWith("CSeq"), "?").Split(' ')[^1];
        return first[0] == "SIP/2.0" ? $"{first[1]} {method}" : first[0];
    }

    private void Collect()
    {
        foreach (SipParty party in Parties)
        {
            int told = party.Told.Count;
            foreach ((byte[] datagram, NetworkEndpoint to) in party.Drain())
            {
                _wire.Enqueue((party, datagram, to));
            }

            party.Told.Skip(told).ToList().ForEach(line => Note($"{party.Name}: {line}"));
        }
    }

    private Instant Next() => Parties.Select(party => party.WakeAt).Aggregate(Instant.Soonest);

    private void Deliver(SipParty from, byte[] datagram, NetworkEndpoint to)
    {
        string line = $"{from.Name} {Summary(datagram)}";
        bool isLost = IsLost(line);
        Wire.Add(isLost ? $"{line} lost" : line);
        string text = Encoding.UTF8.GetString(datagram);
        LastStun = datagram[0] <= 1 ? datagram : LastStun;
        Messages.Add(text);
        Note($"{from.Name} -> {to}{(isLost ? " lost" : "")}", text);
        SipParty? receiver = Parties.Find(party => party.Local == to);
        if (!isLost && receiver is not null)
        {
            receiver.Endpoint.Receive(datagram, from.Local, Now);
        }
        else if (!isLost && Deaf.TryGetValue(to, out Action<string>? note))
        {
            note(text);
        }
    }

    private bool IsLost(string line)
    {
        int index = _losses.FindIndex(loss => loss.Line == line);
        if (index < 0)
        {
            return false;
        }

        int skip = _losses[index].Skip;
        if (skip > 0)
        {
            _losses[index] = (line, skip - 1);
            return false;
        }

        if (skip == 0)
        {
            _losses.RemoveAt(index);
        }

        return true;
    }

    private void Note(string line, string message)
    {
        Note(line);
        foreach (string part in message.TrimEnd().Split("\r\n"))
        {
            _ = _flow.Append(part.Length == 0 ? "" : "    ").Append(part).Append('\n');
        }
    }

    private void Note(string line) => _flow.Append(CultureInfo.InvariantCulture, $"{(Now - _origin).TotalSeconds:F3} {line}\n");
}
