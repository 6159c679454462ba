using System;

namespace IntercomAgent.Station;

/// <summary>Who calls, as far as it is known.</summary>
/// <param name="Shown">
/// The SIP address to show. It is what the caller says of itself, unless <paramref name="IsVouched"/>: it never lets anybody in by itself.
/// </param>
/// <param name="Source">The network address that the call came from, without brackets and port.</param>
/// <param name="IsVouched">Whether that is our own proxy, which answers for <paramref name="Shown"/>.</param>
/// <param name="Account">The user whose password the caller has proven; null when it was not asked for one.</param>
/// <param name="AnswerAfter">After how long the caller wants to be answered without a hand; null when it does not ask for that.</param>
/// <param name="DemandsAnswerMode">Whether it wants to be refused rather than answered otherwise, by a hand or without one.</param>
/// <param name="Replaces">The call whose place this one is to take; null when it is a call of its own.</param>
internal sealed record Caller(
    string Shown, string Source, bool IsVouched = false, string? Account = null, TimeSpan? AnswerAfter = null,
    bool DemandsAnswerMode = false, StationCall? Replaces = null);
