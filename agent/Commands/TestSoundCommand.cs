using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using IntercomAgent.Configuration;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Media;

namespace IntercomAgent.Commands;

/// <summary><c>test speaker|microphone|echo --config FILE [--seconds N]</c></summary>
internal static class TestSoundCommand
{
    /// <summary>An hour: enough to walk around the house, and an end for one that was forgotten.</summary>
    private const int MostSeconds = 3600;

    /// <summary>Describes <c>test speaker</c>.</summary>
    public static Command BuildSpeaker(StandardStreams streams) => Build(
        new Command("speaker", "Play a tone and speech on the loudspeaker."), 10, streams,
        configuration => NoLoudspeaker(configuration.Audio), () => new SpeakerTrial(AudioStream.SampleRate));

    /// <summary>Describes <c>test microphone</c>.</summary>
    public static Command BuildMicrophone(StandardStreams streams) => Build(
        new Command("microphone", "Show how loud the microphone is."), 30, streams,
        configuration => NoMicrophone(configuration.Audio), () => new MicrophoneTrial(AudioStream.SampleRate));

    /// <summary>Describes <c>test echo</c>.</summary>
    public static Command BuildEcho(StandardStreams streams) => Build(
        new Command("echo", "Play what the microphone heard a second ago."), 30, streams,
        configuration => NoMicrophone(configuration.Audio) ?? NoLoudspeaker(configuration.Audio), () => new EchoTrial(AudioStream.SampleRate));

    private static Command Build(
        Command command, int usualSeconds, StandardStreams streams, Func<AgentConfiguration, string?> findLack, Func<ISoundTrial> begin)
    {
        Option<string> config = ConfigurationArgument.Option();
        Option<int> seconds = new("--seconds")
        {
            Description = "How long.",
            HelpName = "N",
            DefaultValueFactory = _ => usualSeconds,
            CustomParser = ParseSeconds,
        };
        command.Add(config);
        command.Add(seconds);
        command.SetAction(parsed => ConfigurationArgument.Load(parsed.GetRequiredValue(config), streams) is not { } configuration
            ? ExitStatus.Usage
            : findLack(configuration) is { } lack
                ? Fail(lack, streams)
                : Execute(configuration, begin, TimeSpan.FromSeconds(parsed.GetValue(seconds)), streams));
        return command;
    }

    private static int ParseSeconds(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= MostSeconds)
        {
            return seconds;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no number of seconds from 1 to {MostSeconds}.");
        return 0;
    }

    private static int Execute(AgentConfiguration configuration, Func<ISoundTrial> begin, TimeSpan length, StandardStreams streams)
    {
        if (!SignalMask.TryInherit(out string? problem))
        {
            return Fail(problem, streams);
        }

        using Machine machine = new();
        using OpenDevices? devices = OpenDevices.Open(configuration, out problem);
        return devices is null
            ? Fail(problem, streams)
            : SoundTrialRun.Run(machine, Impatient(devices.Devices.Audio), begin(), length, streams);
    }

    /// <summary>The station waits for a card that is missing; whoever tries one wants to know.</summary>
    private static AudioDeviceSettings Impatient(AudioDeviceSettings settings) =>
        settings is AlsaAudioSettings alsa ? alsa with { WaitsForDevice = false } : settings;

    private static string? NoMicrophone(AudioConfiguration audio) => audio switch
    {
        { Kind: AudioKind.Silence } => "there is no microphone to try: [audio] has kind = \"silence\"",
        { Alsa: { CaptureDevice: null } } => "there is no microphone to try: [audio] has capture_device = \"none\"",
        _ => null,
    };

    private static string? NoLoudspeaker(AudioConfiguration audio) => audio switch
    {
        { Alsa: { PlaybackDevice: null } } => "there is no loudspeaker to try: [audio] has playback_device = \"none\"",
        { Alsa: null, Loudspeaker: null } => "there is no loudspeaker to try: [audio] names no card (kind = \"alsa\") and no loudspeaker file",
        _ => null,
    };

    private static int Fail(string? problem, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: {problem}");
        return ExitStatus.Failed;
    }
}
