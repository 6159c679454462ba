using System;
using System.IO;
using IntercomAgent.Crypto.Tls;
using Org.BouncyCastle.Tls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Tls;

public sealed class CertificateLengthsTests
{
    // A context of no bytes in front of TLS 1.3's, and no extensions behind each certificate.
    [Theory]
    [InlineData(false, "000000")]
    [InlineData(false, "000005000002ABCD")]
    [InlineData(false, "00000A000002ABCD000002ABCD")]
    [InlineData(true, "00000000")]
    [InlineData(true, "00000007000002ABCD0000")]
    [InlineData(true, "01FF00000A000002ABCD0003AAAAAA")]
    public void What_is_there_is_let_pass_and_left_as_it_is(bool isNew, string message)
    {
        using MemoryStream stream = new(Convert.FromHexString("0B000000" + message)) { Position = 4 };

        CertificateLengths.Check(stream, isNew);

        Assert.Equal(4, stream.Position);
    }

    [Theory]
    [InlineData(false, "FFFFFF")]
    [InlineData(false, "000005FFFFFFABCD")]
    [InlineData(false, "000006000002ABCD")]
    [InlineData(false, "")]
    [InlineData(true, "FF000000")]
    [InlineData(true, "00FFFFFF")]
    [InlineData(true, "00000007FFFFFFABCD0000")]
    [InlineData(true, "00000007000002ABCDFFFF")]
    public void What_is_not_there_is_refused_before_there_is_room_for_it(bool isNew, string message)
    {
        using MemoryStream stream = new(Convert.FromHexString(message));

        TlsFatalAlert alert = Assert.Throws<TlsFatalAlert>(() => CertificateLengths.Check(stream, isNew));
        Assert.Equal(AlertDescription.decode_error, alert.AlertDescription);
    }
}
