using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Who can read the signalling of a call: it decides whether there may be keys in it.</summary>
public sealed class PrivacyTests
{
    private const string Secure = "Contact: <sip:carol@192.0.2.9:5061;transport=tls>\r\n";
    private static readonly SipCall First = new(1);
    private static readonly SipHop Tls = new(SipTransport.Tls, NetworkEndpoint.FromIPv4(0xC0000209, 5061));
    private readonly SipEndpoint _endpoint = new(
        new SipSettings { DisplayName = "bob", User = "bob", SpeaksTls = true }, NetworkEndpoint.FromIPv4(0xC0000202, 5060), new SeededRandom(1));

    private readonly byte[] _buffer = new byte[SipEndpoint.BufferSize];
    private readonly Instant _now = Instant.Zero + TimeSpan.FromSeconds(1000);
    private readonly List<(string Text, SipHop To)> _sent = [];
    private readonly List<string> _told = [];

    [Theory]
    [InlineData("sip:bob@192.0.2.2", true, Secure, SipPrivacy.NextHop)]
    [InlineData("sips:bob@192.0.2.2", true, Secure, SipPrivacy.AllHops)]
    [InlineData("sip:bob@192.0.2.2", false, Secure, SipPrivacy.None)]
    [InlineData("sips:bob@192.0.2.2", false, Secure, SipPrivacy.None)]
    [InlineData("sip:bob@192.0.2.2", true, "Contact: <sip:carol@192.0.2.9>\r\n", SipPrivacy.None)]
    [InlineData("sip:bob@192.0.2.2", true, "Contact: <sip:carol@192.0.2.9>\r\nRecord-Route: <sip:192.0.2.9;transport=tls;lr>\r\n", SipPrivacy.NextHop)]
    [InlineData("sip:bob@192.0.2.2", true, Secure + "Record-Route: <sip:192.0.2.9;lr>\r\n", SipPrivacy.None)]
    public void A_callers_is_as_private_as_the_way_in_and_the_way_back(string uri, bool overTls, string contact, object privacy)
    {
        Receive(Invite(uri, contact), overTls ? Tls : SipScript.Local);

        Assert.Equal(privacy, _endpoint.Privacy(First));
    }

    [Fact]
    public void One_message_that_comes_another_way_ends_it()
    {
        string tag = Establish(Secure);
        Assert.Equal(SipPrivacy.NextHop, _endpoint.Privacy(First));

        Receive(SipScript.Invite("moved", "z9hG4bKre", 2, tag), SipScript.Local);
        Assert.Equal("Reoffered", _told[^1]);
        Assert.Equal(SipPrivacy.None, _endpoint.Privacy(First));
    }

    [Fact]
    public void A_secret_offer_is_not_made_when_the_peer_has_moved_out_of_TLS()
    {
        string tag = Establish(Secure);
        Receive(Invite(SipScript.Bob, "Contact: <sip:carol@192.0.2.9>\r\n", "z9hG4bKre", 2, tag), Tls);
        _endpoint.Accept(First, "answer"u8, _now);
        Receive(Over(SipScript.Request("ACK", "z9hG4bKack2", 2, tag)), Tls);
        Drain();
        int sent = _sent.Count;

        _endpoint.Reinvite(First, "secret"u8, _now, isSecret: true);
        Drain();
        Assert.Equal("ReofferFailed", _told[^1]);
        Assert.Equal(sent, _sent.Count);

        _endpoint.Reinvite(First, "public"u8, _now);
        Drain();
        Assert.Equal(SipTransport.Udp, _sent[^1].To.Transport);
        Assert.EndsWith("public", _sent[^1].Text);
    }

    [Theory]
    [InlineData("sip:carol@192.0.2.9;transport=tls", SipTransport.Tls, SipPrivacy.NextHop)]
    [InlineData("sips:carol@192.0.2.9", SipTransport.Tls, SipPrivacy.AllHops)]
    [InlineData("sip:carol@192.0.2.9", SipTransport.Udp, SipPrivacy.None)]
    [InlineData("sip:carol@192.0.2.9;transport=tcp", SipTransport.Tcp, SipPrivacy.None)]
    public void A_call_of_ours_is_as_private_as_its_way(string uri, object transport, object privacy)
    {
        SipHop hop = new((SipTransport)transport, SipScript.Local);
        SipCall call = _endpoint.Invite(uri, hop, "offer"u8, _now);

        Assert.Equal(privacy, SipPrivacies.Of(hop, uri));
        Assert.Equal(privacy, _endpoint.Privacy(call));
        Assert.Equal(SipPrivacy.None, _endpoint.Privacy(new SipCall(99)));
    }

    /// <summary>A call from Carol that is up; gives our tag.</summary>
    private string Establish(string contact)
    {
        Receive(Invite(SipScript.Bob, contact), Tls);
        _endpoint.Accept(First, "answer"u8, _now);
        Drain();
        string tag = SipScript.Header(_sent[^1].Text, "To").Split("tag=")[1];
        Receive(Over(SipScript.Request("ACK", "z9hG4bKack1", 1, tag)), Tls);
        Assert.Equal("Confirmed", _told[^1]);
        return tag;
    }

    private static string Invite(string uri, string contact, string branch = "z9hG4bKinvite", int sequence = 1, string toTag = "") =>
        Over(SipScript.Request("INVITE", branch, sequence, toTag, contact + SipScript.Type("offer"), "offer", uri));

    private static string Over(string message) => message.Replace("SIP/2.0/UDP 192.0.2.9:5060", "SIP/2.0/TLS 192.0.2.9:5061");

    private void Receive(string message, SipHop from)
    {
        _endpoint.Receive(Encoding.UTF8.GetBytes(message), from, _now);
        Drain();
    }

    private void Drain()
    {
        for (SipOutput output = _endpoint.Poll(_buffer); output.Kind != SipOutputKind.Idle; output = _endpoint.Poll(_buffer))
        {
            if (output.Kind == SipOutputKind.Send)
            {
                _sent.Add((Encoding.UTF8.GetString(output.Datagram), output.To));
            }
            else
            {
                _told.Add(output.Kind.ToString());
            }
        }
    }
}
