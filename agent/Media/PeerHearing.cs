using System;
using System.Globalization;
using System.Text;

namespace IntercomAgent.Media;

/// <summary>How the peer hears us, as far as its reports tell.</summary>
/// <param name="Lost">The share of our packets that never came there, 0 to 1.</param>
/// <param name="Discarded">The share that came too late to be heard, 0 to 1; 0 where it does not say.</param>
/// <param name="RoundTrip">The round trip; null before it was measured.</param>
/// <param name="Score">The mean opinion score of conversation, else of listening, 1 to 5; null where it does not say.</param>
internal readonly record struct PeerHearing(double Lost, double Discarded, TimeSpan? RoundTrip, double? Score)
{
    /// <summary>In words for a person: <c>0.3 % lost, 42 ms round trip, MOS 4.1</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        _ = text.Append(culture, $"{100 * Lost:0.#} % lost");
        if (Discarded > 0)
        {
            _ = text.Append(culture, $", {100 * Discarded:0.#} % too late");
        }

        if (RoundTrip is { } there)
        {
            _ = text.Append(culture, $", {there.TotalMilliseconds:0} ms round trip");
        }

        if (Score is { } score)
        {
            _ = text.Append(culture, $", MOS {score:0.0}");
        }

        return text.ToString();
    }
}
