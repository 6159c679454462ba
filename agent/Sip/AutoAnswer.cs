using System;

namespace IntercomAgent.Sip;

/// <summary>
/// How callers ask that a call be answered without a hand: <c>Answer-Mode: Auto</c> (RFC 5373), and what PBXs for intercom and paging
/// sent before that: <c>Call-Info: …;answer-after=0</c>, and <c>Alert-Info</c> with one of a few words. Whether the wish is granted is
/// the station's decision.
/// </summary>
internal static class AutoAnswer
{
    /// <summary>The longest delay that counts; who asks for more does not want it answered by itself.</summary>
    private const int MaximumSeconds = 120;

    /// <summary>After how long the INVITE wants to be answered; null when it leaves that to people.</summary>
    public static TimeSpan? Read(in SipMessage invite)
    {
        if ((ReadMode(invite, SipHeaderName.PrivAnswerMode) ?? ReadMode(invite, SipHeaderName.AnswerMode)) is { } isAuto)
        {
            return isAuto ? TimeSpan.Zero : null;
        }

        foreach (ReadOnlySpan<byte> value in invite.Headers.Values(SipHeaderName.CallInfo))
        {
            if (FindDelay(value, "answer-after"u8) is { } delay)
            {
                return delay;
            }
        }

        foreach (ReadOnlySpan<byte> value in invite.Headers.Values(SipHeaderName.AlertInfo))
        {
            if (ReadAlert(value) is { } delay)
            {
                return delay;
            }
        }

        return null;
    }

    /// <summary>Whether what <see cref="Read"/> says is a demand: the call is to be answered like that or refused (RFC 5373 section 4.2).</summary>
    public static bool IsDemanded(in SipMessage invite)
    {
        SipHeaderName header = ReadMode(invite, SipHeaderName.PrivAnswerMode) is null
            ? SipHeaderName.AnswerMode
            : SipHeaderName.PrivAnswerMode;
        ReadOnlySpan<byte> value = invite.Headers.Find(header);
        int parameters = value.IndexOf((byte)';');
        return ReadMode(invite, header) is not null && parameters >= 0
            && SipGrammar.TryFindParameter(value[(parameters + 1)..], "require"u8, out _);
    }

    /// <summary>RFC 5373 section 4.1: Auto or Manual; other values, and a missing field, say nothing.</summary>
    private static bool? ReadMode(in SipMessage invite, SipHeaderName header)
    {
        ReadOnlySpan<byte> value = invite.Headers.Find(header);
        int parameters = value.IndexOf((byte)';');
        value = SipGrammar.Trim(parameters < 0 ? value : value[..parameters]);
        return SipGrammar.EqualsIgnoreCase(value, "Auto"u8) ? true : SipGrammar.EqualsIgnoreCase(value, "Manual"u8) ? false : null;
    }

    private static TimeSpan? ReadAlert(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> parameters = ParametersOf(value, out ReadOnlySpan<byte> alert);
        bool isInfo = SipGrammar.TryFindParameter(parameters, "info"u8, out ReadOnlySpan<byte> info) && IsAutoAnswer(info);
        if (isInfo || IsAutoAnswer(alert))
        {
            return FindDelay(value, "delay"u8) ?? TimeSpan.Zero;
        }

        return FindDelay(value, "answer-after"u8);
    }

    private static bool IsAutoAnswer(ReadOnlySpan<byte> word)
    {
        word = SipGrammar.Trim(word).Trim("\"<>"u8);
        return SipGrammar.EqualsIgnoreCase(word, "alert-autoanswer"u8)
            || SipGrammar.EqualsIgnoreCase(word, "auto answer"u8)
            || SipGrammar.EqualsIgnoreCase(word, "autoanswer"u8)
            || SipGrammar.EqualsIgnoreCase(word, "auto-answer"u8)
            || SipGrammar.EqualsIgnoreCase(word, "ring answer"u8)
            || SipGrammar.EqualsIgnoreCase(word, "ringanswer"u8);
    }

    private static TimeSpan? FindDelay(ReadOnlySpan<byte> value, ReadOnlySpan<byte> name) =>
        SipGrammar.TryFindParameter(ParametersOf(value, out _), name, out ReadOnlySpan<byte> digits)
            && SipGrammar.TryReadNumber(digits, out int seconds) && seconds <= MaximumSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>What is behind the URI in its brackets. Some write no URI at all, and the parameters alone.</summary>
    private static ReadOnlySpan<byte> ParametersOf(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> uri)
    {
        int close = value.IndexOf((byte)'>');
        int start = value[Math.Max(close, 0)..].IndexOf((byte)';') + Math.Max(close, 0);
        bool hasParameters = start >= Math.Max(close, 0);
        uri = hasParameters ? value[..start] : value;
        return hasParameters ? value[(start + 1)..] : close < 0 ? value : default;
    }
}
