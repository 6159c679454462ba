using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Reads all of SIP that is under way in a house, loses what a test wants lost, and speaks in anybody's name.</summary>
internal sealed class Wiretap
{
    private readonly House _house;
    private bool _isForging;

    public Wiretap(House house)
    {
        _house = house;
        house.Machine.Network.Swallows = Listen;
    }

    /// <summary>The messages so far.</summary>
    public List<SipLine> Messages { get; } = [];

    /// <summary>Says which message is lost.</summary>
    public Func<SipLine, bool> Loses { get; set; } = _ => false;

    /// <summary>The messages whose first line begins so.</summary>
    public SipLine[] Find(string start) => [.. Messages.Where(message => message.Text.StartsWith(start, StringComparison.Ordinal))];

    /// <summary>Sends a message in somebody's name.</summary>
    public void Forge(string text, NetworkEndpoint from, NetworkEndpoint to)
    {
        _isForging = true;
        _house.Machine.Network.Send(Encoding.ASCII.GetBytes(text), from, to, _house.Machine.Now);
        _isForging = false;
    }

    private bool Listen(NetworkEndpoint from, NetworkEndpoint to, byte[] bytes)
    {
        if (_isForging || bytes.Length == 0 || bytes[0] is < (byte)'A' or > (byte)'Z' || from.Port is >= 20000 and < 21000)
        {
            return false;
        }

        SipLine message = new(Encoding.Latin1.GetString(bytes), from, to);
        Messages.Add(message);
        return Loses(message);
    }
}

/// <summary>A message of SIP on its way.</summary>
internal sealed record SipLine(string Text, NetworkEndpoint From, NetworkEndpoint To)
{
    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    /// <summary>The value of a header that is there.</summary>
    public string Header(string name) =>
        Text.Split("\r\n").First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
}
