using System;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

public sealed class InfoDigitsTests
{
    [Theory]
    [InlineData("Signal=5\r\nDuration=160", '5', 160)]
    [InlineData("Signal= 5\r\nDuration= 100\r\n", '5', 100)]
    [InlineData("signal=*\nduration=90\n", '*', 90)]
    [InlineData("Duration=90\r\nSignal=d\r\n", 'D', 90)]
    [InlineData("Signal=11\r\n", '#', 160)]
    [InlineData("Signal=1\r\nDuration=99999999", '1', 160)]
    [InlineData("7", '7', 160)]
    [InlineData(" #\r\n", '#', 160)]
    public void Reads_a_digit(string body, char key, int milliseconds)
    {
        Assert.True(InfoDigits.TryRead(Encoding.ASCII.GetBytes(body), out char read, out TimeSpan duration));
        Assert.Equal((key, milliseconds), (read, (int)duration.TotalMilliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("12")]
    [InlineData("Signal=")]
    [InlineData("Signal=55")]
    [InlineData("Signal=!\r\n")]
    [InlineData("Duration=100")]
    [InlineData("\u00e9")]
    public void Reads_nothing_from_anything_else(string body) =>
        Assert.False(InfoDigits.TryRead(Encoding.Latin1.GetBytes(body), out _, out _));
}
