using System;
using System.Globalization;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>Header lines of requests and responses in a call that carry numbers.</summary>
internal static class SipSessionLines
{
    /// <summary>What a PRACK says: which provisional response to which INVITE it acknowledges (RFC 3262 section 7.2).</summary>
    public static byte[] RAck(int number, int sequence) => Ascii($"RAck: {number} {sequence} INVITE\r\n");

    /// <summary>What makes a provisional response reliable (RFC 3262 section 3).</summary>
    public static byte[] Reliable(int number) => Ascii($"Require: 100rel\r\nRSeq: {number}\r\n");

    private static byte[] Ascii(FormattableString line) => Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture));
}
