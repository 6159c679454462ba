using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>The message reader: RFC 3261 section 7. What RFC 4475 and RFC 5118 torture it with is in Torture.</summary>
public sealed class MessageReaderTests
{
    /// <summary>RFC 4475 section 3.1.1.12: no reason phrase, and an empty one.</summary>
    [Theory]
    [InlineData("SIP/2.0 100 ")]
    [InlineData("SIP/2.0 100")]
    public void Reads_a_response_without_a_reason_phrase(string line) => Read(
        line + "\r\nv: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398\r\ni: noreason\r\n"
        + "f: <sip:user@example.com>;tag=f\r\nt: <sip:user@example.edu>\r\nCSeq: 35 INVITE\r\nl: 0\r\n\r\n",
        message => Assert.Equal((100, SipMethod.Invite, ""), (message.Status, message.Method, Text(message.ReasonPhrase))));

    [Fact]
    public void Finds_commas_and_semicolons_only_where_they_separate()
    {
        string lines = "Contact: \"A, \\\"B\\\" <x>\" <sip:a,b@h;x=1>;q=1, <sip:c@h>;expires=5\r\nm: sip:d@h;q=0.1\r\n";
        SipHeaders headers = new(Encoding.UTF8.GetBytes(lines));
        List<string> values = Values(headers, SipHeaderName.Contact);
        Assert.Equal(["\"A, \\\"B\\\" <x>\" <sip:a,b@h;x=1>;q=1", "<sip:c@h>;expires=5", "sip:d@h;q=0.1"], values);
        Assert.True(NameAddress.TryRead(Encoding.UTF8.GetBytes(values[0]), out NameAddress address));
        Assert.Equal("sip:a,b@h;x=1", Text(address.Uri));
        Assert.Equal("A, \"B\" <x>", address.ReadableName());
        Assert.True(SipGrammar.TryFindParameter(address.Parameters, "Q"u8, out ReadOnlySpan<byte> q));
        Assert.Equal("1", Text(q));
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.2", "bob", "192.0.2.2", 0)]
    [InlineData("SIP:bob:secret@[2001:db8::1]:5070;transport=udp;lr?Subject=x", "bob", "[2001:db8::1]", 5070)]
    [InlineData("sips:host.example.org:5061", "", "host.example.org", 5061)]
    [InlineData("sip:a;b?c@host", "a;b?c", "host", 0)]
    [InlineData("tel:+49-30-1;phone-context=x", "+49-30-1", "", 0)]
    public void Reads_URIs(string text, string user, string host, int port)
    {
        Assert.True(SipUri.TryRead(Encoding.ASCII.GetBytes(text), out SipUri uri));
        Assert.Equal((user, host, port), (Text(uri.User), Text(uri.Host), uri.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip:")]
    [InlineData("sip:@host")]
    [InlineData("sip:bob@")]
    [InlineData("sip:bob@ho st")]
    [InlineData("sip:bob@host:0")]
    [InlineData("sip:bob@host:65536")]
    [InlineData("sip:bob@[::1")]
    [InlineData("sip:bob@[zz]")]
    [InlineData("mailto:bob@host")]
    [InlineData("tel:")]
    public void Refuses_what_is_no_URI(string text) => Assert.False(SipUri.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("", nameof(SipDropReason.KeepAlive))]
    [InlineData("\r\n\r\n", nameof(SipDropReason.KeepAlive))]
    [InlineData("hello", nameof(SipDropReason.NotSip))]
    [InlineData("INVITE sip:a@b HTTP/1.1\r\n\r\n", nameof(SipDropReason.NotSip))]
    [InlineData("SIP/2.0 99 OK\r\n\r\n", nameof(SipDropReason.NotSip))]
    [InlineData("INVITE sip:a@b SIP/2.0\r\n\r\n", nameof(SipDropReason.MissingHeader))]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nVia\r\n\r\n", nameof(SipDropReason.HeaderSyntax))]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nVia: x", nameof(SipDropReason.HeaderSyntax))]
    public void Tells_why_a_datagram_is_no_message(string text, string expected)
    {
        Assert.Equal(SipReading.Nothing, SipMessageReader.Read(Encoding.UTF8.GetBytes(text), out _, out SipDropReason reason));
        Assert.Equal(expected, reason.ToString());
    }

    [Theory]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1", nameof(SipDropReason.CSeq), nameof(SipReading.AnswerableRequest))]
    [InlineData("CSeq: 1 INVITE", "CSeq: 2147483648 INVITE", nameof(SipDropReason.CSeq), nameof(SipReading.AnswerableRequest))]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 INVITE\r\nCSeq: 2 INVITE", nameof(SipDropReason.CSeq), nameof(SipReading.AnswerableRequest))]
    [InlineData("Call-ID: carols-call", "Call-ID: a b", nameof(SipDropReason.CallId), nameof(SipReading.AnswerableRequest))]
    [InlineData("Content-Length: 5", "Content-Length: 6", nameof(SipDropReason.ContentLength), nameof(SipReading.AnswerableRequest))]
    [InlineData("Content-Length: 5", "Content-Length: -1", nameof(SipDropReason.ContentLength), nameof(SipReading.AnswerableRequest))]
    [InlineData("Content-Length: 5", "l: 5\r\nl: 4", nameof(SipDropReason.ContentLength), nameof(SipReading.AnswerableRequest))]
    [InlineData("<sip:carol@192.0.2.9>;tag=carol", "\"Carol", nameof(SipDropReason.Address), nameof(SipReading.AnswerableRequest))]
    [InlineData("Via: SIP/2.0/UDP", "Via: SIP", nameof(SipDropReason.Via), nameof(SipReading.Nothing))]
    [InlineData("To: <sip:bob@192.0.2.2>", "t: <sip:bob@h>\r\nTo: <sip:b@h>", nameof(SipDropReason.Address), nameof(SipReading.AnswerableRequest))]
    [InlineData("Via: SIP/2.0/UDP", "Via: SIP/3.0/UDP", nameof(SipDropReason.Via), nameof(SipReading.AnswerableRequest))]
    public void Tells_what_is_wrong_with_a_broken_request(string good, string bad, string expected, string reading)
    {
        string text = SipScript.Invite();
        Assert.Contains(good, text);
        byte[] broken = Encoding.UTF8.GetBytes(text.Replace(good, bad));
        Assert.Equal(reading, SipMessageReader.Read(broken, out _, out SipDropReason reason).ToString());
        Assert.Equal(expected, reason.ToString());
    }

    [Fact]
    public void Bounds_the_length_and_the_number_of_headers()
    {
        string many = string.Concat(Enumerable.Repeat("X: y\r\n", SipLimits.Headers));
        _ = SipMessageReader.Read(Encoding.UTF8.GetBytes(SipScript.Invite(more: many)), out _, out SipDropReason reason);
        Assert.Equal(SipDropReason.TooManyHeaders, reason);
        string body = new('x', SipLimits.ReceivedMessage);
        _ = SipMessageReader.Read(Encoding.UTF8.GetBytes(SipScript.Invite(body)), out _, out reason);
        Assert.Equal(SipDropReason.TooLong, reason);
    }

    [Fact]
    public void A_folded_value_of_a_peer_cannot_begin_a_header_line_of_ours()
    {
        SipWriter writer = new(new byte[100]);
        writer.Header(SipHeaderName.Reason, "a\r\n b\r\nEvil: x"u8);
        Assert.Equal("Reason: a   b  Evil: x\r\n", Text(writer.Written));
    }

    private delegate void Look(SipMessage message);

    private static void Read(string text, Look look)
    {
        Assert.Equal(SipReading.Message, SipMessageReader.Read(Encoding.UTF8.GetBytes(text), out SipMessage message, out _));
        look(message);
    }

    private static List<string> Values(SipHeaders headers, SipHeaderName name)
    {
        List<string> values = [];
        foreach (ReadOnlySpan<byte> value in headers.Values(name))
        {
            values.Add(Text(value));
        }

        return values;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
