using System;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>Who calls us, and what that is worth.</summary>
internal sealed record SipCaller
{
    /// <summary>
    /// The URI to show: what our proxy asserts (RFC 3325 section 9.1), else what the caller says of itself, which proves nothing.
    /// </summary>
    public required string Uri { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>Where the INVITE came from.</summary>
    public required SipHop Source { get; init; }

    /// <summary>Whether that is our own proxy or registrar.</summary>
    public required bool IsFromProxy { get; init; }

    /// <summary>The caller's user name whose password it has proven; null when it has not been asked for one.</summary>
    public required string? Account { get; init; }

    /// <summary>After how long the caller wants the call answered by itself; null when it does not ask for that.</summary>
    public required TimeSpan? AnswerAfter { get; init; }

    /// <summary>
    /// Whether the call is to be answered as <see cref="AnswerAfter"/> says, by itself or, where that is null, by a person, or refused.
    /// </summary>
    public required bool DemandsAnswerMode { get; init; }

    /// <summary>The call whose place this one is to take (RFC 3891); none when it is a call of its own.</summary>
    public SipCall Replaced { get; init; }

    /// <summary>Reads what an INVITE says of its caller.</summary>
    /// <param name="invite">The request.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="isFromProxy">Whether that is our proxy: only then P-Asserted-Identity is looked at.</param>
    /// <param name="account">Whose password was proven.</param>
    public static SipCaller Read(in SipMessage invite, SipHop source, bool isFromProxy, string? account)
    {
        NameAddress shown = isFromProxy && TryReadAsserted(invite, out NameAddress asserted) ? asserted : invite.From;
        return new SipCaller
        {
            Uri = ReasonText.Readable(shown.Uri, string.Empty),
            Name = ReasonText.Readable(Encoding.UTF8.GetBytes(shown.ReadableName()), string.Empty),
            Source = source,
            IsFromProxy = isFromProxy,
            Account = account,
            AnswerAfter = AutoAnswer.Read(invite),
            DemandsAnswerMode = AutoAnswer.IsDemanded(invite),
        };
    }

    /// <summary>RFC 3325 section 9.1: there may be two, one of them a telephone number; a SIP URI says more.</summary>
    private static bool TryReadAsserted(in SipMessage invite, out NameAddress asserted)
    {
        foreach (ReadOnlySpan<byte> value in invite.Headers.Values(SipHeaderName.PAssertedIdentity))
        {
            if (NameAddress.TryRead(value, out asserted) && SipUri.TryRead(asserted.Uri, out SipUri uri) && uri.Scheme != SipScheme.Tel)
            {
                return true;
            }
        }

        asserted = default;
        return false;
    }
}
