using System;
using System.IO;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>Speech of espeak-ng.</summary>
internal static class EspeakVoice
{
    /// <summary>
    /// The first list of the Harvard sentences (IEEE Recommended Practice for Speech Quality Measurements, 1969), in which the sounds of
    /// English are about as frequent as they are in talk.
    /// </summary>
    private const string Sentences =
        "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It's easy to tell the depth of a well. "
        + "These days a chicken leg is a rare dish. Rice is often served in round bowls. The juice of lemons makes fine punch. "
        + "The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage. Four hours of steady work faced us. "
        + "A large size in stockings is hard to sell.";

    private const int MaximumBytes = 10_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Has the sentences read out, at this rate, half as loud as that voice speaks: a microphone has room above speech.</summary>
    public static short[] Read(int sampleRate)
    {
        string file = Path.GetTempFileName();
        try
        {
            using PeerProcess voice = PeerProcess.Start("espeak-ng", "-v", "en-gb", "-s", "175", "-w", file, Sentences);
            int status = voice.WaitForEnd(Limit);
            short[] speech = WavFileSource.TryRead(file, MaximumBytes, out int ownRate, out string? problem)
                ?? throw new InvalidOperationException($"espeak-ng ended with {status}: {problem}");
            short[] halved = [.. speech.Select(sample => (short)(sample / 2))];
            short[] converted = new short[((long)halved.Length * sampleRate / ownRate) + 1];
            return converted[..new Resampler(ownRate, sampleRate, halved.Length).Convert(halved, converted)];
        }
        finally
        {
            File.Delete(file);
        }
    }
}
