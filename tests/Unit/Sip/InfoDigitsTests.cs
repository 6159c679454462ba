using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

public sealed class InfoDigitsTests
{
    [Theory]
    [InlineData("Signal=5\r\nDuration=160", '5')]
    [InlineData("Signal= 5\r\nDuration= 100\r\n", '5')]
    [InlineData("signal=*\nduration=90\n", '*')]
    [InlineData("Duration=90\r\nSignal=d\r\n", 'D')]
    [InlineData("Signal=11\r\n", '#')]
    [InlineData("Signal=1\r\nDuration=99999999", '1')]
    [InlineData("7", '7')]
    [InlineData(" #\r\n", '#')]
    public void Reads_a_digit(string body, char key)
    {
        Assert.True(InfoDigits.TryRead(Encoding.ASCII.GetBytes(body), out char read));
        Assert.Equal(key, read);
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
        Assert.False(InfoDigits.TryRead(Encoding.Latin1.GetBytes(body), out _));
}
