using System;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip.Torture;

/// <summary>
/// RFC 4475 sections 3.2 to 3.4: what stresses transactions and what is above them. Each test has the name of its message.
/// </summary>
public sealed class Rfc4475SemanticTests
{
    /// <summary>Section 3.2.1: its transaction is told apart as those of RFC 2543 are.</summary>
    [Fact]
    public void Badbranch() => Message("badbranch").IsWellFormed(message => Assert.False(message.Via.HasMagicCookie)).IsAnswered(200);

    /// <summary>Section 3.3.1: ideally 400, here with what there is to be repeated.</summary>
    [Fact]
    public void Insuf() => Message("insuf").IsBroken(SipDropReason.MissingHeader).IsAnswered(400, "CSeq: 193942 INVITE");

    /// <summary>Section 3.3.2: 416.</summary>
    [Fact]
    public void Unkscm() => Message("unkscm").IsWellFormed().IsAnswered(416);

    /// <summary>Section 3.3.3: a scheme that is never acceptable is an unknown one, 416.</summary>
    [Fact]
    public void Novelsc() => Message("novelsc").IsWellFormed().IsAnswered(416);

    /// <summary>Section 3.3.4: the reader must not fail; we are no registrar.</summary>
    [Fact]
    public void Unksm2() => Message("unksm2")
        .IsWellFormed(message => Assert.Equal(
            ("isbn:2983792873", "http://www.example.com"), (TortureMessage.Text(message.To.Uri), TortureMessage.Text(message.From.Uri))))
        .IsAnswered(405);

    /// <summary>Section 3.3.5: 420 with what Require names; Proxy-Require is for proxies.</summary>
    [Fact]
    public void Bext01() => Message("bext01")
        .IsWellFormed()
        .IsAnswered(420, "Unsupported: nothingSupportsThis, nothingSupportsThisEither");

    /// <summary>Section 3.3.6: 415.</summary>
    [Fact]
    public void Invut() => Message("invut").IsWellFormed().IsAnswered(415, "Accept: application/sdp");

    /// <summary>Section 3.3.7: who is no registrar says 405.</summary>
    [Fact]
    public void Regaut01() => Message("regaut01").IsWellFormed().IsAnswered(405);

    /// <summary>Section 3.3.8: 400.</summary>
    [Fact]
    public void Multi01() => Message("multi01").IsBroken(SipDropReason.Address).IsAnswered(400);

    /// <summary>Section 3.3.9: an error.</summary>
    [Fact]
    public void Mcl01() => Message("mcl01").IsBroken(SipDropReason.ContentLength).IsAnswered(400);

    /// <summary>Section 3.3.10: an endpoint discards it.</summary>
    [Fact]
    public void Bcast() => Message("bcast").IsWellFormed().IsDropped(SipDropReason.ForeignResponse);

    /// <summary>Section 3.3.11: an endpoint does not care.</summary>
    [Fact]
    public void Zeromf() => Message("zeromf").IsWellFormed().IsAnswered(200);

    /// <summary>Section 3.3.12: the parameter is the header field's. We are no registrar.</summary>
    [Fact]
    public void Cparam01() => Message("cparam01")
        .IsWellFormed(message => Assert.True(message.TryReadContact(out NameAddress contact)
            && contact.Uri.SequenceEqual("sip:+19725552222@gw1.example.net"u8)
            && SipGrammar.TryFindParameter(contact.Parameters, "unknownparam"u8, out _)))
        .IsAnswered(405);

    /// <summary>Section 3.3.13: the parameter is the URI's. We are no registrar.</summary>
    [Fact]
    public void Cparam02() => Message("cparam02")
        .IsWellFormed(message => Assert.True(message.TryReadContact(out NameAddress contact)
            && contact.Uri.SequenceEqual("sip:+19725552222@gw1.example.net;unknownparam"u8)
            && contact.Parameters.IsEmpty))
        .IsAnswered(405);

    /// <summary>Section 3.3.14: the escaped header belongs to the URI. We are no registrar.</summary>
    [Fact]
    public void Regescrt() => Message("regescrt")
        .IsWellFormed(message => Assert.True(message.TryReadContact(out NameAddress contact)
            && contact.Uri.SequenceEqual("sip:user@example.com?Route=%3Csip:sip.example.com%3E"u8)))
        .IsAnswered(405);

    /// <summary>Section 3.3.15: 406 with a warning 399.</summary>
    [Fact]
    public void Sdp01() => Message("sdp01")
        .IsWellFormed()
        .IsAnswered(406, "Warning: 399 intercom-agent \"only application/sdp can be answered\"");

    /// <summary>Section 3.4.1: compatible with RFC 2543, which knows no branch, and no Contact where From will do.</summary>
    [Fact]
    public void Inv2543() => Message("inv2543")
        .IsWellFormed(message => Assert.Equal((0, 105), (message.From.Tag.Length, message.SessionDescription.Length)))
        .IsACall();

    /// <summary>The archive has one message more, of which the text does not speak: its first line names no version.</summary>
    [Fact]
    public void Test() => Message("test").IsBroken(SipDropReason.NotSip, SipReading.Nothing).IsDropped(SipDropReason.NotSip);

    private static TortureMessage Message(string name) => TortureMessage.Rfc4475(name);
}
