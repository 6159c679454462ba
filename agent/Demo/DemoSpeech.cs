using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Media;

namespace IntercomAgent.Demo;

/// <summary>What the two people of the demo say. <c>make-speech.sh</c> beside the files tells how they were made.</summary>
internal static class DemoSpeech
{
    /// <summary>What the visitor says.</summary>
    public static short[] Visitor() => Read("visitor.wav");

    /// <summary>What the house says.</summary>
    public static short[] Indoors() => Read("indoors.wav");

    [SuppressMessage("ApiDesign", "RS0030", Justification = "A resource is found by its name in the program's own image; nothing is reflected on.")]
    private static short[] Read(string name)
    {
        using Stream resource = typeof(DemoSpeech).Assembly.GetManifestResourceStream(name)
            ?? throw new UnreachableException($"The build did not embed {name}.");
        byte[] file = new byte[resource.Length];
        resource.ReadExactly(file);
        return WavFileSource.TryDecode(file, AudioStream.SampleRate, out string? problem)
            ?? throw new UnreachableException($"{name}: {problem}");
    }
}
