using System;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>Makes words for a person, and for a log, of what a peer gives as its reason.</summary>
internal static class ReasonText
{
    /// <summary>Characters that are kept: a line of a log, and no more.</summary>
    private const int Longest = 80;

    /// <summary>The text of Reason (RFC 3326); <paramref name="otherwise"/> when there is none.</summary>
    public static string Of(in SipMessage message, string otherwise)
    {
        foreach (ReadOnlySpan<byte> value in message.Headers.Values(SipHeaderName.Reason))
        {
            int parameters = value.IndexOf((byte)';');
            if (parameters >= 0 && SipGrammar.TryFindParameter(value[(parameters + 1)..], "text"u8, out ReadOnlySpan<byte> text))
            {
                return Readable(text.Trim((byte)'"'), otherwise);
            }
        }

        return otherwise;
    }

    /// <summary>The reason phrase of a response, or what its status means; <paramref name="response"/> may be an empty one.</summary>
    public static string OfStatus(int status, in SipMessage response) =>
        Readable(response.ReasonPhrase, response.Status == 0 && status == 503 ? "nobody is there" : SipStatus.Phrase(status));

    /// <summary>A peer's bytes as a short text without control characters.</summary>
    public static string Readable(ReadOnlySpan<byte> text, string otherwise)
    {
        StringBuilder readable = new();
        foreach (char letter in Encoding.UTF8.GetString(text))
        {
            if (!char.IsControl(letter) && readable.Length < Longest)
            {
                _ = readable.Append(letter);
            }
        }

        return readable.Length == 0 ? otherwise : readable.ToString();
    }
}
