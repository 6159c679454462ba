using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Station;

namespace IntercomAgent.Configuration;

/// <summary>What a configuration file may say of calls from outside, and of how far a call may go without encryption.</summary>
internal static class IncomingSchema
{
    /// <summary>Callers that may be named one by one.</summary>
    private const int MaximumCallers = 32;

    /// <summary>Reads <c>[incoming]</c>.</summary>
    /// <param name="incoming">The section.</param>
    /// <param name="hasAccounts">Whether callers may prove a password, so that none has to be named otherwise.</param>
    /// <param name="allowPlain">Whether there may be calls without encryption at all.</param>
    public static IncomingPolicy Read(ConfigurationSection incoming, bool hasAccounts, bool allowPlain)
    {
        (bool answers, bool byHand) = incoming.Choice("policy", (false, false),
            ("reject", (false, false)), ("answer", (true, false)), ("ring", (true, true)));
        int fewest = answers && !hasAccounts ? 1 : 0;
        IReadOnlyList<string> callers = incoming.Texts("callers", fewest, MaximumCallers, "\"house@192.0.2.20\"");
        return new IncomingPolicy
        {
            Answers = answers,
            ByHand = byHand,
            Callers = [.. callers.Select(text => new CallerPattern(text))],
            AnswerAfter = incoming.Seconds("answer_after_seconds", 0, 120, otherwise: 0),
            HasTone = incoming.Switch("answer_tone", otherwise: true),
            Security = ReadSecurity(incoming, allowPlain, allowPlain ? CallSecurity.PreferSecure : CallSecurity.Secure),
        };
    }

    /// <summary>Reads <c>security</c>, of a button or of calls from outside. Less than secure needs <c>media.allow_plain</c>.</summary>
    public static CallSecurity ReadSecurity(ConfigurationSection section, bool allowPlain, CallSecurity otherwise)
    {
        CallSecurity security = section.Choice("security", otherwise,
            ("secure", CallSecurity.Secure), ("prefer-secure", CallSecurity.PreferSecure), ("allow-plain", CallSecurity.AllowPlain));
        if (security != CallSecurity.Secure && !allowPlain)
        {
            section.Report("security", "calls without encryption need allow_plain = true in [media] as well");
        }

        return security;
    }
}
