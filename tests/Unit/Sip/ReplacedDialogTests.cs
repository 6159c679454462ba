using System;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>The value of Replaces (RFC 3891 section 6.1).</summary>
public sealed class ReplacedDialogTests
{
    [Theory]
    [InlineData("98732@sip.example.com\r\n ;from-tag=r33th4x0r\r\n ;to-tag=ff87ff", "98732@sip.example.com ff87ff r33th4x0r")]
    [InlineData("12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only", "12adf2f34456gs5 12345 54321 early")]
    [InlineData("87134@171.161.34.23;to-tag=24796;from-tag=0", "87134@171.161.34.23 24796 0")]
    [InlineData("a ; TO-TAG = b ; x=y ; From-Tag = c", "a b c")]
    public void The_examples_of_the_RFC_are_read(string value, string meant) => Assert.Equal(meant, Read(value));

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("a@b;to-tag=1")]
    [InlineData("a@b;from-tag=1")]
    [InlineData("a@b;to-tag=1;to-tag=1;from-tag=2")]
    [InlineData("a@b;to-tag=1;from-tag=2;from-tag=2")]
    [InlineData("a@b;to-tag=;from-tag=2")]
    [InlineData("a@b;to-tag=\"1\";from-tag=2")]
    [InlineData(";to-tag=1;from-tag=2")]
    [InlineData("a b;to-tag=1;from-tag=2")]
    [InlineData("a\r\nX: y;to-tag=1;from-tag=2")]
    [InlineData("a,b;to-tag=1;from-tag=2")]
    [InlineData("a;to-tag=1\r\nX;from-tag=2")]
    [InlineData("ä;to-tag=1;from-tag=2")]
    public void What_names_no_dialog_or_could_end_the_line_is_none(string value) => Assert.Null(Read(value));

    [Theory]
    [InlineData("c;to-tag=us;from-tag=them", "c", "us", "them", true)]
    [InlineData("c;to-tag=them;from-tag=us", "c", "us", "them", false)]
    [InlineData("C;to-tag=us;from-tag=them", "c", "us", "them", false)]
    [InlineData("c;to-tag=US;from-tag=them", "c", "us", "them", false)]
    [InlineData("c;to-tag=us;from-tag=0", "c", "us", "", true)]
    [InlineData("c;to-tag=us;from-tag=0", "c", "us", "0", true)]
    [InlineData("c;to-tag=us;from-tag=0", "c", "us", "them", false)]
    public void To_tag_is_ours_and_from_tag_the_peers_and_zero_stands_for_none(
        string value, string callId, string us, string them, bool isIt)
    {
        Assert.True(ReplacedDialog.TryRead(Encoding.UTF8.GetBytes(value), out ReplacedDialog dialog));
        Assert.Equal(isIt, dialog.Names(Encoding.UTF8.GetBytes(callId), Encoding.UTF8.GetBytes(us), Encoding.UTF8.GetBytes(them)));
    }

    private static string? Read(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        if (!ReplacedDialog.TryRead(bytes, out ReplacedDialog dialog))
        {
            return null;
        }

        Assert.DoesNotContain("\r\n", Encoding.UTF8.GetString(dialog.ToLine())[..^2]);
        return $"{Text(dialog.CallId)} {Text(dialog.ToTag)} {Text(dialog.FromTag)}{(dialog.IsEarlyOnly ? " early" : "")}";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
