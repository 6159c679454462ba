using System;
using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip.Torture;

/// <summary>A message of RFC 4475 or RFC 5118, as the archive in the RFC's appendix has it, and what becomes of it.</summary>
internal sealed class TortureMessage
{
    private TortureMessage(byte[] bytes) => Bytes = bytes;

    public delegate void Look(SipMessage message);

    /// <summary>The datagram.</summary>
    public byte[] Bytes { get; }

    /// <summary>A message of RFC 4475, byte for byte.</summary>
    public static TortureMessage Rfc4475(string name) => new(Load("rfc4475", name));

    /// <summary>
    /// A message of RFC 5118. Its archive has bare line feeds and lengths of bodies that fit neither these nor what SIP asks for: on the
    /// wire lines end in CRLF (RFC 3261 section 7), and Content-Length counts what is there.
    /// </summary>
    public static TortureMessage Rfc5118(string name)
    {
        string[] parts = Encoding.Latin1.GetString(Load("rfc5118", name)).Replace("\n", "\r\n").Split("\r\n\r\n", 2);
        string body = parts.Length > 1 ? parts[1] : "";
        string[] lines = parts[0].TrimEnd().Split("\r\n");
        for (int index = 0; index < lines.Length; index++)
        {
            lines[index] = lines[index].StartsWith("Content-Length:")
                ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}")
                : lines[index];
        }

        return new TortureMessage(Encoding.Latin1.GetBytes($"{string.Join("\r\n", lines)}\r\n\r\n{body}"));
    }

    /// <summary>A message of RFC 5118, byte for byte.</summary>
    public static TortureMessage Rfc5118AsArchived(string name) => new(Load("rfc5118", name));

    /// <summary>The reader takes it for well-formed.</summary>
    public TortureMessage IsWellFormed(Look? look = null)
    {
        Assert.Equal(SipReading.Message, SipMessageReader.Read(Bytes, out SipMessage message, out _));
        look?.Invoke(message);
        return this;
    }

    /// <summary>The reader finds this wrong with it, and whether it can be answered.</summary>
    public TortureMessage IsBroken(SipDropReason expected, SipReading reading = SipReading.AnswerableRequest)
    {
        Assert.Equal((reading, expected), (SipMessageReader.Read(Bytes, out _, out SipDropReason reason), reason));
        return this;
    }

    /// <summary>A whole endpoint answers this, with this in the response, and does nothing else.</summary>
    public void IsAnswered(int status, params string[] lines)
    {
        (SipParty party, string[] sent) = Receive();
        string response = Assert.Single(sent);
        Assert.StartsWith($"SIP/2.0 {status} ", response);
        Assert.All(lines, line => Assert.Contains(line + "\r\n", response));
        Assert.Empty(party.Told);
    }

    /// <summary>A whole endpoint answers this, and tells of the text, although it is refused.</summary>
    public void IsAnsweredAndTold(int status, string text)
    {
        (SipParty party, string[] sent) = Receive();
        Assert.StartsWith($"SIP/2.0 {status} ", Assert.Single(sent));
        string told = Assert.Single(party.Told);
        Assert.StartsWith("Message ", told);
        Assert.Contains(text, told);
    }

    /// <summary>A whole endpoint takes it for a call.</summary>
    public void IsACall()
    {
        (SipParty party, string[] sent) = Receive();
        Assert.StartsWith("SIP/2.0 100 ", Assert.Single(sent));
        Assert.StartsWith("Incoming 1 ", Assert.Single(party.Told));
    }

    /// <summary>A whole endpoint does nothing, and counts this.</summary>
    public void IsDropped(SipDropReason reason)
    {
        (SipParty party, string[] sent) = Receive();
        Assert.Empty(sent);
        Assert.Empty(party.Told);
        Assert.Equal(1, party.Endpoint.Dropped(reason));
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private (SipParty Party, string[] Sent) Receive()
    {
        SipPair pair = new();
        pair.Bob.Endpoint.Receive(Bytes, NetworkEndpoint.FromIPv4(0xC0000233, 5060), pair.Now);
        string[] sent = [.. pair.Bob.Drain().ConvertAll(static output => Encoding.Latin1.GetString(output.Datagram))];
        return (pair.Bob, sent);
    }

    private static byte[] Load(string rfc, string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, rfc, name + ".dat"));
}
