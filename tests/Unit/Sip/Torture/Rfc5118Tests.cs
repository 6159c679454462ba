using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip.Torture;

/// <summary>RFC 5118: IPv6 in SIP. Each test has the name of its message.</summary>
public sealed class Rfc5118Tests
{
    /// <summary>Section 4.1, well-formed; we are no registrar.</summary>
    [Fact]
    public void Ipv6_good() => Message("ipv6-good")
        .IsWellFormed(message =>
        {
            Assert.Equal(("[2001:db8::10]", 0), Host(message));
            Assert.Equal("[2001:db8::9:1]", TortureMessage.Text(message.Via.Host));
            Assert.True(message.TryReadContact(out NameAddress contact));
            Assert.Equal("sip:caller@[2001:db8::1]", TortureMessage.Text(contact.Uri));
        })
        .IsAnswered(405);

    /// <summary>Section 4.2: 400.</summary>
    [Fact]
    public void Ipv6_bad() => Message("ipv6-bad").IsWellFormed().IsAnswered(400);

    /// <summary>Section 4.3, well-formed, whatever was meant: the port is a part of the address.</summary>
    [Fact]
    public void Port_ambiguous() => Message("port-ambiguous")
        .IsWellFormed(message => Assert.Equal(("[2001:db8::10:5070]", 0), Host(message)))
        .IsAnswered(405);

    /// <summary>Section 4.4, well-formed.</summary>
    [Fact]
    public void Port_unambiguous() => Message("port-unambiguous")
        .IsWellFormed(message => Assert.Equal(("[2001:db8::10]", 5070), Host(message)))
        .IsAnswered(405);

    /// <summary>Section 4.5: read in spite of the brackets. The dialog is nobody's here; what we received from stands in the response.</summary>
    [Fact]
    public void Via_received_param_with_delim() => Message("via-received-param-with-delim")
        .IsWellFormed()
        .IsAnswered(481, "Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111;received=192.0.2.51");

    /// <summary>Section 4.5, well-formed. It has a To tag, and an OPTIONS in a dialog that nobody has is refused.</summary>
    [Fact]
    public void Via_received_param_no_delim() => Message("via-received-param-no-delim")
        .IsWellFormed()
        .IsAnswered(200, "Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3;received=192.0.2.51");

    /// <summary>Section 4.6, well-formed.</summary>
    [Fact]
    public void Ipv6_in_sdp() => Message("ipv6-in-sdp").IsWellFormed().IsACall();

    /// <summary>As the archive has it, with a length that is longer than its body, and line feeds alone.</summary>
    [Fact]
    public void Ipv6_in_sdp_as_archived() => TortureMessage.Rfc5118AsArchived("ipv6-in-sdp")
        .IsBroken(SipDropReason.NotSip, SipReading.Nothing)
        .IsDropped(SipDropReason.NotSip);

    /// <summary>Section 4.7, well-formed; the dialog is nobody's here.</summary>
    [Fact]
    public void Mult_ip_in_header() => Message("mult-ip-in-header")
        .IsWellFormed(message => Assert.Equal(("[2001:db8::9:1]", 6050), (TortureMessage.Text(message.Via.Host), message.Via.Port)))
        .IsAnswered(481, "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144");

    /// <summary>Section 4.8, well-formed.</summary>
    [Fact]
    public void Mult_ip_in_sdp() => Message("mult-ip-in-sdp").IsWellFormed().IsACall();

    /// <summary>Section 4.9, well-formed.</summary>
    [Fact]
    public void Ipv4_mapped_ipv6() => Message("ipv4-mapped-ipv6")
        .IsWellFormed(message =>
        {
            Assert.Equal(("[::ffff:192.0.2.10]", 19823), (TortureMessage.Text(message.Via.Host), message.Via.Port));
            Assert.True(message.TryReadContact(out NameAddress contact));
            Assert.Equal("sip:ted@[::ffff:192.0.2.2]", TortureMessage.Text(contact.Uri));
        })
        .IsACall();

    /// <summary>Section 4.10: tolerated.</summary>
    [Fact]
    public void Ipv6_bug_abnf_3_colons() => Message("ipv6-bug-abnf-3-colons")
        .IsWellFormed(message => Assert.Equal(("[2001:db8:::192.0.2.1]", 0), Host(message)))
        .IsAnswered(200);

    /// <summary>Section 4.10, well-formed.</summary>
    [Fact]
    public void Ipv6_correct_abnf_2_colons() => Message("ipv6-correct-abnf-2-colons")
        .IsWellFormed(message => Assert.Equal(("[2001:db8::192.0.2.1]", 0), Host(message)))
        .IsAnswered(200);

    private static TortureMessage Message(string name) => TortureMessage.Rfc5118(name);

    private static (string Host, int Port) Host(SipMessage message)
    {
        Assert.True(SipUri.TryRead(message.RequestUri, out SipUri uri));
        return (TortureMessage.Text(uri.Host), uri.Port);
    }
}
