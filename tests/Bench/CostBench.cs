using System.Collections.Generic;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// What a whole call costs the program as it is shipped, in shares of a core: in PCMU and in Opus at 48 kHz, with DTLS-SRTP, its sound sent
/// as it comes, and with echo cancelled, noise lowered, wind filtered and the level set. A baresip answers, and calls for comparison. That
/// one has no module that cancels echo: cleaned, it lowers noise and sets the level alone, with the same library.
/// </summary>
internal static class CostBench
{
    private const string Peer = "baresip";
    private const string CleanedPeer = "baresip: noise and gain, no canceller";

    public static IEnumerable<Row> Measure()
    {
        foreach (BaresipSound sound in (BaresipSound[])[BaresipSound.Pcmu, BaresipSound.Opus])
        {
            using TalkFiles files = new(sound.SampleRate);
            StartStation startCallee = (port, dial) => BaresipStation.Start(port, files.Wav, dial, sound: sound);
            foreach (bool isCleaned in (bool[])[false, true])
            {
                AgentSound ourSound = Ours(sound, files, isCleaned);
                StartStation startOurs = (port, dial) => new AgentStation(port, dial, ourSound);
                BaresipSound peerSound = sound with { IsCleaned = isCleaned };
                StartStation startPeer = (port, dial) => BaresipStation.Start(port, files.Wav, dial, sound: peerSound);
                (ProcessSample begun, ProcessSample ended) = CallCost.SampleCall(startOurs, startCallee);
                (ProcessSample peerBegun, ProcessSample peerEnded) = CallCost.SampleCall(startPeer, startCallee);
                string name = $"call in {sound.Codec}{(isCleaned ? ", echo and noise" : "")}";
                string peer = isCleaned ? CleanedPeer : Peer;
                yield return new(
                    $"{name}: share of a core", "%", ended.ProcessorPercentSince(begun), peerEnded.ProcessorPercentSince(peerBegun), peer);
                yield return new("  resident memory", "kB", ended.ResidentKilobytes, peerEnded.ResidentKilobytes, peer);
            }
        }
    }

    private static AgentSound Ours(BaresipSound sound, TalkFiles files, bool isCleaned)
    {
        string codecs = sound == BaresipSound.Opus ? "\"OPUS\", \"PCMU\"" : "\"PCMU\"";
        string asItComes = isCleaned ? "" : "echo = \"off\"\nnoise_suppression_db = 0\nautomatic_gain = false\nwind_filter = false";
        return new(codecs, $"""
            kind = "alsa"
            rate = {sound.SampleRate}
            capture_device = "{TalkFiles.Microphone}"
            playback_device = "{TalkFiles.Loudspeaker}"
            {asItComes}
            """, files.Launcher);
    }
}
