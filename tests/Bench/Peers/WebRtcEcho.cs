using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// The audio processing module of WebRTC as Debian has it. It is a library of C++, which no other language can call: <c>tests/bench</c> has
/// compiled a program around it, whose path is in the environment.
/// </summary>
internal static class WebRtcEcho
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Cleans what a microphone heard; gives what is sent, and the microseconds of a period of 10 ms.</summary>
    public static (short[] Sent, double Microseconds) Clean(short[] microphone, short[] played, int sampleRate)
    {
        string program = Environment.GetEnvironmentVariable("WEBRTC_ECHO") ?? throw new InvalidOperationException("tests/bench sets WEBRTC_ECHO");
        string folder = Directory.CreateTempSubdirectory("echo").FullName;
        try
        {
            string heard = Path.Combine(folder, "microphone");
            string said = Path.Combine(folder, "played");
            string sent = Path.Combine(folder, "sent");
            File.WriteAllBytes(heard, MemoryMarshal.AsBytes<short>(microphone));
            File.WriteAllBytes(said, MemoryMarshal.AsBytes<short>(played));
            using PeerProcess process = PeerProcess.Start(program, sampleRate.ToString(CultureInfo.InvariantCulture), heard, said, sent);
            double microseconds = double.Parse(process.WaitForLine(".", Limit), CultureInfo.InvariantCulture);
            process.WaitForEnd(Limit);
            return ([.. MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(sent))], microseconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
