using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Child;

/// <summary>
/// A program that tests start, for what a test cannot try in its own process: signals, the number of threads, and the libraries that
/// are loaded.
/// </summary>
internal static class Program
{
    private const int Turns = 50;
    private const long NanosecondsPerMillisecond = 1_000_000;

    private static int Main(string[] arguments)
    {
        using StreamWriter output = new(StandardStream.OpenOutput()) { AutoFlush = true };
        if (!SignalMask.TryInherit(out string? problem))
        {
            output.WriteLine(problem);
            return 1;
        }

        switch (arguments)
        {
            case ["signals", ..]:
                TellSignals(output, arguments);
                return 0;
            case ["panel"]:
                CountPanelTurns(output);
                return 0;
            case ["threads"]:
                CountThreads(output);
                return 0;
            case ["controller"]:
                ControllerThreads.Tell(output);
                return 0;
            case ["calls", string count]:
                ManyCalls.Tell(int.Parse(count, CultureInfo.InvariantCulture), output);
                return 0;
            case ["libraries", ..]:
                Cryptography.Use(arguments[1], arguments[2]);
                TellSignals(output, arguments);
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>Tells its arguments, then every signal, and ends at SIGTERM.</summary>
    private static void TellSignals(StreamWriter output, string[] arguments)
    {
        using Machine machine = new();
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, 0));
        Readiness[] ready = new Readiness[1];
        output.WriteLine($"{Environment.ProcessId} {string.Join('|', arguments)}");
        bool ended = false;
        while (!ended)
        {
            _ = machine.Wait(long.MaxValue, ready);
            while (signals.TryRead(out Signal signal))
            {
                output.WriteLine(signal);
                ended |= signal == Signal.Terminate;
            }
        }
    }

    /// <summary>Tells in how many turns standard input had something to say.</summary>
    private static void CountPanelTurns(StreamWriter output)
    {
        using Machine machine = new();
        using IDoorPanel input = machine.OpenDoorPanel(new StandardInputPanelSettings(), new Readiness(ServiceClass.Panel, 0), out _)!;
        Readiness[] ready = new Readiness[2];
        int readyTurns = 0;
        for (int turn = 0; turn < Turns; turn++)
        {
            readyTurns += machine.Wait(machine.Now + NanosecondsPerMillisecond, ready) > 0 ? 1 : 0;
            while (input.TryRead(out _))
            {
            }
        }

        output.WriteLine(readyTurns);
    }

    /// <summary>Tells how many threads there are before, while and after all ports are open and used.</summary>
    private static void CountThreads(StreamWriter output)
    {
        int before = ProcessFacts.Read().Threads;
        using (Machine machine = new())
        {
            Use(machine);
            output.WriteLine($"{before} {ProcessFacts.Read().Threads}");
        }

        output.WriteLine(ProcessFacts.Read().Threads);
    }

    private static void Use(Machine machine)
    {
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, 0));
        TimerAudioSettings sound = new(8000, 8, new ToneSource(425, 8000), new DiscardSink());
        using IAudioDevice audio = machine.OpenAudioDevice(sound, new Readiness(ServiceClass.AudioClock, 1), out _)!;
        using IDoorPanel input = machine.OpenDoorPanel(new StandardInputPanelSettings(), new Readiness(ServiceClass.Panel, 2), out _)!;
        using IDatagramSocket socket = machine.OpenDatagramSocket(
            NetworkEndpoint.FromIPv4(0x7F000001, 0), new Readiness(ServiceClass.Media, 3), out _)!;
        Readiness[] ready = new Readiness[4];
        DatagramBatch batch = new();
        short[] period = new short[8];
        for (int turn = 0; turn < Turns; turn++)
        {
            socket.Send("hello"u8, socket.LocalEndpoint);
            socket.Flush();
            _ = machine.Wait(machine.Now + NanosecondsPerMillisecond, ready);
            _ = socket.Receive(batch);
            while (audio.TryCapture(period))
            {
                audio.Play(period);
            }

            _ = input.TryRead(out _);
        }
    }
}
