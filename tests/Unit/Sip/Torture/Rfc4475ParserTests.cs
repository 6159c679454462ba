using System;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip.Torture;

/// <summary>RFC 4475 section 3.1: what stresses the reader. Each test has the name of its message.</summary>
public sealed class Rfc4475ParserTests
{
    /// <summary>Section 3.1.1.1, well-formed; its To tag names a dialog that nobody has here.</summary>
    [Fact]
    public void Wsinv() => Message("wsinv")
        .IsWellFormed(message =>
        {
            Assert.Equal((SipMethod.Invite, 9), (message.Method, message.CSeq));
            Assert.Equal("1918181833n", Text(message.To.Tag));
            Assert.Equal("sip:vivekg@chair-dnrc.example.com", Text(message.To.Uri));
            Assert.Equal("98asjd8", Text(message.From.Tag));
            Assert.Equal("\"J Rosenberg \\\\\\\"\"", Text(message.From.DisplayName));
            Assert.Equal("UDP 192.0.2.2 390skdjuw", $"{Text(message.Via.Transport)} {Text(message.Via.Host)} {Text(message.Via.Branch)}");
            Assert.True(message.TryReadContact(out NameAddress contact));
            Assert.Equal("sip:jdrosen@example.com", Text(contact.Uri));
            Assert.True(SipGrammar.TryFindParameter(contact.Parameters, "newparam"u8, out var newParameter));
            Assert.Equal("newvalue", Text(newParameter));
            Assert.True(SipGrammar.TryFindParameter(contact.Parameters, "q"u8, out var weight));
            Assert.Equal("0.33", Text(weight));
            Assert.True(message.Headers.TryFindNumber(SipHeaderName.MaxForwards, out int hops));
            Assert.Equal(68, hops);
            Assert.Equal(150, message.SessionDescription.Length);
        })
        .IsAnswered(481, "Via: SIP  / 2.0  / TCP     spindle.example.com   ;    branch  =   z9hG4bK9ikj8", "CSeq: 0009    INVITE");

    /// <summary>Section 3.1.1.2, well-formed: 501 with the methods that there are.</summary>
    [Fact]
    public void Intmeth() => Message("intmeth")
        .IsWellFormed(message =>
        {
            Assert.Equal((SipMethod.Unknown, 139122385), (message.Method, message.CSeq));
            Assert.True(SipUri.TryRead(message.RequestUri, out SipUri uri));
            Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", Text(uri.User));
            Assert.Equal("example.com", Text(uri.Host));
            Assert.Equal("z9hG4bK-.!%66*_+`'~", Text(message.Via.Branch));
            Assert.Equal("\"BEL:\\\u0007 NUL:\\\0 DEL:\\\u007F\"", Text(message.To.DisplayName));
            Assert.Equal("token1~` token2'+_ token3*%!.-", Text(message.From.DisplayName));
            Assert.Equal("_token~1'+`*%!-.", Text(message.From.Tag));
            Assert.Equal("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", Text(message.CallId));
        })
        .IsAnswered(501, Encoding.ASCII.GetString(SipMethods.AllowLine(transfers: false)).TrimEnd());

    /// <summary>Section 3.1.1.3, well-formed. An escaped character is the character, and is unescaped once.</summary>
    [Fact]
    public void Esc01() => Message("esc01")
        .IsWellFormed(message =>
        {
            Assert.True(SipUri.TryRead(message.RequestUri, out SipUri uri));
            Assert.Equal(("sips%3Auser%40example.com", "example.net"), (Text(uri.User), Text(uri.Host)));
            Assert.Equal("sip:I%20have%20spaces@example.net", Text(message.From.Uri));
            Assert.True(message.TryReadContact(out NameAddress contact));
            Assert.Equal("sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31", Text(contact.Uri));
        })
        .IsACall();

    /// <summary>Section 3.1.1.4, well-formed; we are no registrar.</summary>
    [Fact]
    public void Escnull() => Message("escnull")
        .IsWellFormed(message => Assert.Equal("sip:null-%00-null@example.com", Text(message.To.Uri)))
        .IsAnswered(405);

    /// <summary>Section 3.1.1.5: neither REGISTER nor Contact are written with a percent sign.</summary>
    [Fact]
    public void Esc02() => Message("esc02")
        .IsWellFormed(message =>
        {
            Assert.Equal(SipMethod.Unknown, message.Method);
            int contacts = 0;
            foreach (ReadOnlySpan<byte> contact in message.Headers.Values(SipHeaderName.Contact))
            {
                contacts += contact.IsEmpty ? 0 : 1;
            }

            Assert.Equal(2, contacts);
            Assert.Equal("\"%Z%45\"", Text(message.To.DisplayName));
        })
        .IsAnswered(501);

    /// <summary>Section 3.1.1.6: taken for well-formed.</summary>
    [Fact]
    public void Lwsdisp() => Message("lwsdisp")
        .IsWellFormed(message => Assert.Equal(("caller", "323"), (Text(message.From.DisplayName), Text(message.From.Tag))))
        .IsAnswered(200);

    /// <summary>Section 3.1.1.7, well-formed, with 34 values of Via that name no branch.</summary>
    [Fact]
    public void Longreq() => Message("longreq")
        .IsWellFormed(message =>
        {
            Assert.Equal(155, message.From.Tag.Length);
            Assert.Equal("sip33.example.com", Text(message.Via.Host));
            Assert.Equal(150, message.SessionDescription.Length);
        })
        .IsACall();

    /// <summary>Section 3.1.1.8: what follows in the datagram is noise.</summary>
    [Fact]
    public void Dblreq() => Message("dblreq")
        .IsWellFormed(message => Assert.True(message.Method == SipMethod.Register && message.Body.IsEmpty))
        .IsAnswered(405);

    /// <summary>Section 3.1.1.9, well-formed.</summary>
    [Fact]
    public void Semiuri() => Message("semiuri")
        .IsWellFormed(message =>
        {
            Assert.True(SipUri.TryRead(message.RequestUri, out SipUri uri));
            Assert.Equal(("user;par=u%40example.net", "example.com"), (Text(uri.User), Text(uri.Host)));
        })
        .IsAnswered(200);

    /// <summary>Section 3.1.1.10, well-formed; each Via goes back.</summary>
    [Fact]
    public void Transports() => Message("transports")
        .IsWellFormed()
        .IsAnswered(200, "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en", "Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee");

    /// <summary>Section 3.1.1.11, well-formed, with zeros in its body.</summary>
    [Fact]
    public void Mpart01() => Message("mpart01")
        .IsWellFormed(message => Assert.Equal((553, true), (message.Body.Length, message.HasContentType("multipart/mixed"u8))))
        .IsAnsweredAndTold(405, "sip:fluffy@example.com ");

    /// <summary>Section 3.1.1.12, well-formed; a response to nothing that we asked.</summary>
    [Fact]
    public void Unreason() => Message("unreason")
        .IsWellFormed(message => Assert.Equal(
            (200, "= 2**3 * 5**2 но сто девяносто девять - простое"), (message.Status, Text(message.ReasonPhrase))))
        .IsDropped(SipDropReason.ForeignResponse);

    /// <summary>Section 3.1.1.13, well-formed; a response to nothing that we asked.</summary>
    [Fact]
    public void Noreason() => Message("noreason")
        .IsWellFormed(message => Assert.Equal((100, ""), (message.Status, Text(message.ReasonPhrase))))
        .IsDropped(SipDropReason.ForeignResponse);

    /// <summary>Section 3.1.2.1: 400.</summary>
    [Fact]
    public void Badinv01() => Message("badinv01").IsBroken(SipDropReason.Via).IsAnswered(400);

    /// <summary>Section 3.1.2.2: 400.</summary>
    [Fact]
    public void Clerr() => Message("clerr").IsBroken(SipDropReason.ContentLength).IsAnswered(400);

    /// <summary>Section 3.1.2.3: an error.</summary>
    [Fact]
    public void Ncl() => Message("ncl").IsBroken(SipDropReason.ContentLength).IsAnswered(400);

    /// <summary>Section 3.1.2.4: 400, for CSeq's sake.</summary>
    [Fact]
    public void Scalar02() => Message("scalar02").IsBroken(SipDropReason.CSeq).IsAnswered(400);

    /// <summary>Section 3.1.2.5: discarded.</summary>
    [Fact]
    public void Scalarlg() => Message("scalarlg").IsBroken(SipDropReason.CSeq, SipReading.Nothing).IsDropped(SipDropReason.CSeq);

    /// <summary>Section 3.1.2.6: 400.</summary>
    [Fact]
    public void Quotbal() => Message("quotbal").IsBroken(SipDropReason.Address).IsAnswered(400);

    /// <summary>Section 3.1.2.7: always reasonable to reject with 400.</summary>
    [Fact]
    public void Ltgtruri() => Message("ltgtruri").IsWellFormed().IsAnswered(400);

    /// <summary>Section 3.1.2.8: 400.</summary>
    [Fact]
    public void Lwsruri() => Message("lwsruri").IsWellFormed().IsAnswered(400);

    /// <summary>Section 3.1.2.9: acceptable to reject.</summary>
    [Fact]
    public void Lwsstart() => Message("lwsstart").IsWellFormed().IsAnswered(400);

    /// <summary>Section 3.1.2.10: a liberal element ignores the spaces.</summary>
    [Fact]
    public void Trws() => Message("trws").IsWellFormed().IsAnswered(200);

    /// <summary>Section 3.1.2.11: a liberal element ignores the escaped header, and never makes a header of it.</summary>
    [Fact]
    public void Escruri() => Message("escruri")
        .IsWellFormed(message => Assert.False(message.Headers.TryFind(SipHeaderName.Route, out _)))
        .IsACall();

    /// <summary>Section 3.1.2.12: who does not use the date ignores it.</summary>
    [Fact]
    public void Baddate() => Message("baddate").IsWellFormed().IsACall();

    /// <summary>Section 3.1.2.13: broken for a registrar, which we are not.</summary>
    [Fact]
    public void Regbadct() => Message("regbadct").IsWellFormed().IsAnswered(405);

    /// <summary>Section 3.1.2.14: a liberal element ignores the spaces.</summary>
    [Fact]
    public void Badaspec() => Message("badaspec")
        .IsWellFormed(message => Assert.Equal("sip:t.watson@example.org", Text(message.To.Uri)))
        .IsAnswered(200);

    /// <summary>Section 3.1.2.15: always reasonable to reject with 400. As the archive has it, the header has no end either.</summary>
    [Fact]
    public void Baddn() => Message("baddn").IsBroken(SipDropReason.HeaderSyntax).IsAnswered(400);

    /// <summary>Section 3.1.2.16: 505.</summary>
    [Fact]
    public void Badvers() => Message("badvers").IsBroken(SipDropReason.Version).IsAnswered(505);

    /// <summary>Section 3.1.2.17: 400.</summary>
    [Fact]
    public void Mismatch01() => Message("mismatch01").IsBroken(SipDropReason.CSeq).IsAnswered(400);

    /// <summary>Section 3.1.2.18: 501 rather than 400.</summary>
    [Fact]
    public void Mismatch02() => Message("mismatch02").IsBroken(SipDropReason.CSeq).IsAnswered(501);

    /// <summary>Section 3.1.2.19: dropped.</summary>
    [Fact]
    public void Bigcode() => Message("bigcode").IsBroken(SipDropReason.NotSip, SipReading.Nothing).IsDropped(SipDropReason.NotSip);

    private static TortureMessage Message(string name) => TortureMessage.Rfc4475(name);

    private static string Text(ReadOnlySpan<byte> bytes) => TortureMessage.Text(bytes);
}
