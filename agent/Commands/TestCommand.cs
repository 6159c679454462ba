using System.CommandLine;

namespace IntercomAgent.Commands;

/// <summary><c>test speaker|microphone|echo|button|strike</c></summary>
internal static class TestCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams) => new("test", "Try one part of the hardware, before any SIP is set up.")
    {
        TestSoundCommand.BuildSpeaker(streams),
        TestSoundCommand.BuildMicrophone(streams),
        TestSoundCommand.BuildEcho(streams),
        TestButtonCommand.Build(streams),
        TestStrikeCommand.Build(streams),
    };
}
