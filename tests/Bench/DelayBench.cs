using System.Collections.Generic;
using IntercomAgent.Tests.Bench.Peers;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// How long the program itself keeps what is said, in a call in PCMU whose peer sends each packet back: from the last sample of a packet
/// that was captured to the packet, and from a packet to its first sample that is played. The card is a clock and nothing else. With echo
/// cancelled and noise lowered, in periods of 20 and of 10 ms, and with the sound sent as it comes, as baresip does in the same call.
/// </summary>
internal static class DelayBench
{
    private const string Peer = "baresip, sound as it comes";

    private const string AsItComes = "echo = \"off\"\nnoise_suppression_db = 0\nautomatic_gain = false\nwind_filter = false";

    public static IEnumerable<Row> Measure()
    {
        DelayShares theirs = DelayShares.Measure((port, card) => BaresipStation.Start(
            port, null, null, isEncrypted: false, BaresipSound.Pcmu with { AlsaDevice = BurstCard.Device, Launcher = card.Launcher }));
        foreach ((string name, int period, string settings) in ((string, int, string)[])
            [("cleaned, 20 ms", 20, ""), ("cleaned, 10 ms", 10, ""), ("as it comes, 10 ms", 10, AsItComes)])
        {
            DelayShares ours = DelayShares.Measure((port, card) => new AgentStation(port, null, new AgentSound("\"PCMU\"", $"""
                kind = "alsa"
                device = "{BurstCard.Device}"
                period_ms = {period}
                {settings}
                """, card.Launcher)));
            yield return new($"captured to packet, p50: {name}", "ms", ours.Capture(0.5), theirs.Capture(0.5), Peer);
            yield return new("  packet to played, p50", "ms", ours.Playback(0.5), theirs.Playback(0.5), Peer);
            yield return new("  both, p50", "ms", ours.Both(0.5), theirs.Both(0.5), Peer);
            yield return new("  both, p99", "ms", ours.Both(0.99), theirs.Both(0.99), Peer);
            yield return new("  loudspeaker started anew", "times", ours.Restarts, theirs.Restarts, Peer);
        }
    }
}
