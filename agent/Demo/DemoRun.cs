using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Station;

namespace IntercomAgent.Demo;

/// <summary>
/// The demo's play: the visitor presses the button, the house answers, both speak, the house keys in the code, the strike opens, the
/// house hangs up. It looks at both stations after each turn of the loop, tells what has changed, and acts.
/// </summary>
internal sealed class DemoRun(TurnLoop loop, DemoStation door, DemoStation indoor, TextWriter story)
{
    /// <summary>Longer than every step takes on the slowest board; then the demo has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>How often the levels are shown.</summary>
    private static readonly TimeSpan LevelInterval = TimeSpan.FromSeconds(1);

    private Instant _started = loop.Now;
    private DemoStep _step = DemoStep.Pressing;
    private Instant _pressedAt = Instant.Never;
    private Instant _nextLevel = Instant.Never;
    private CallReport? _doorCall;
    private CallReport? _indoorCall;

    /// <summary>What the door's jitter buffer did.</summary>
    public JitterPicture Trace { get; } = new();

    /// <summary>Whether the play is over.</summary>
    public bool IsOver => _step == DemoStep.Over || loop.Now - _started > Patience;

    /// <summary>When the play has something to do by itself.</summary>
    public Instant WakeAt => Instant.Soonest(_nextLevel, _started + Patience);

    /// <summary>The visitor presses the button.</summary>
    public void Start()
    {
        _started = loop.Now;
        _pressedAt = loop.Now;
        Tell("The visitor presses the button.");
        door.Panel.Press(0, loop.Now.Nanoseconds);
    }

    /// <summary>Looks at the stations after a turn of the loop, and goes on with the play.</summary>
    public void Look()
    {
        _doorCall = door.Host.Calls.CurrentCall ?? _doorCall;
        _indoorCall = indoor.Host.Calls.CurrentCall ?? _indoorCall;
        ShowLevels();
        if (door.Host.Calls.CurrentCall is { Stream: { PacketsReceived: > 0 } stream })
        {
            Trace.Add(new JitterMoment(
                (loop.Now - _started).TotalSeconds,
                stream.Waiting.TotalMilliseconds,
                stream.Delay.TotalMilliseconds,
                stream.PacketsLost,
                (long)stream.Concealed.TotalMilliseconds));
        }

        DemoStep next = Next();
        if (next != _step)
        {
            _step = next;
            Begin(next);
        }
    }

    /// <summary>What was measured.</summary>
    public DemoReport Report(bool interrupted)
    {
        CallReport? call = door.Host.Calls.LastCall ?? _doorCall;
        CallReport? other = indoor.Host.Calls.LastCall ?? _indoorCall;
        bool heard = call is not null && call.FirstAudio != Instant.Never;
        return new DemoReport
        {
            Answered = call is not null,
            DtlsVersion = call?.Security.Profile is null ? "" : "DTLS 1.2",
            SrtpProfile = call?.Security.Profile?.Name ?? "",
            CipherSuite = call?.Security.CipherSuite ?? "",
            SetupMs = heard ? (call!.FirstAudio - _pressedAt).TotalMilliseconds : 0,
            HandshakeMs = call?.Security.Handshake.TotalMilliseconds ?? 0,
            PacketsSent = call?.Stream.PacketsSent ?? 0,
            PacketsReceived = call?.Stream.PacketsReceived ?? 0,
            PacketsLost = (call?.Stream.PacketsLost ?? 0) + (other?.Stream.PacketsLost ?? 0),
            HeardSeconds = new DemoHeard(door.Ear.Heard.TotalSeconds, indoor.Ear.Heard.TotalSeconds),
            StrikeOpened = door.Panel.StrikeOpenings > 0,
            Threads = ProcessFacts.Read().Threads,
            LongestStallMs = loop.LongestStall.TotalMilliseconds,
            ExitReason = interrupted ? "interrupted"
                : _step == DemoStep.Over ? door.Host.Calls.LastReason
                : $"gave up after {Patience.TotalSeconds} s, {_step}",
        };
    }

    /// <summary>Tells something in plain words, with the time since the start.</summary>
    public void Tell(string text) =>
        story.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(loop.Now - _started).TotalSeconds,7:F3} s  {text}"));

    /// <summary>Every transition of the play.</summary>
    private DemoStep Next() => _step switch
    {
        DemoStep.Pressing when door.Host.State != StationState.Quiet => DemoStep.Calling,
        DemoStep.Calling when door.Host.State == StationState.Talking => DemoStep.Securing,
        DemoStep.Calling when door.Host.State == StationState.Quiet => DemoStep.Over,
        DemoStep.Securing or DemoStep.VisitorSpeaks or DemoStep.HouseSpeaks or DemoStep.Opening or DemoStep.Leaving
            when door.Host.State == StationState.Quiet => DemoStep.Over,
        DemoStep.Securing when HasSound(_doorCall) && HasSound(_indoorCall) => DemoStep.VisitorSpeaks,
        DemoStep.VisitorSpeaks when !door.Voice.IsSpeaking => DemoStep.HouseSpeaks,
        DemoStep.HouseSpeaks when !indoor.Voice.IsSpeaking => DemoStep.Opening,
        DemoStep.Opening when door.Panel.StrikeOpen => DemoStep.Leaving,
        DemoStep.Leaving when !door.Panel.StrikeOpen => DemoStep.HangingUp,
        DemoStep.HangingUp when door.Host.State == StationState.Quiet => DemoStep.Over,
        _ => _step,
    };

    private void Begin(DemoStep step)
    {
        switch (step)
        {
            case DemoStep.Calling:
                Tell("The door calls the indoor station.");
                break;
            case DemoStep.Securing:
                Tell("The indoor station answers.");
                break;
            case DemoStep.VisitorSpeaks:
                Tell($"Encrypted sound flows both ways, {(_doorCall!.FirstAudio - _pressedAt).TotalMilliseconds:F1} ms after the button: "
                    + $"DTLS 1.2, {_doorCall.Security.CipherSuite}, {_doorCall.Security.Profile?.Name}; "
                    + $"the handshake took {_doorCall.Security.Handshake.TotalMilliseconds:F1} ms.");
                Tell("The visitor speaks.");
                _nextLevel = loop.Now + LevelInterval;
                door.Voice.Speak();
                break;
            case DemoStep.HouseSpeaks:
                Tell("The house answers.");
                indoor.Voice.Speak();
                break;
            case DemoStep.Opening:
                Tell($"The house keys in the code {DemoStation.Code}.");
                _ = indoor.Host.Calls.TryDial(DemoStation.Code, loop.Now);
                break;
            case DemoStep.Leaving:
                Tell("The strike opens. The visitor comes in.");
                break;
            case DemoStep.HangingUp:
                Tell("The strike closes. The house hangs up.");
                indoor.Host.Calls.HangUp(loop.Now);
                break;
            case DemoStep.Over:
                _nextLevel = Instant.Never;
                Tell($"The call is over: {door.Host.Calls.LastReason}.");
                break;
            case DemoStep.Pressing:
            default:
                break;
        }
    }

    private void ShowLevels()
    {
        if (loop.Now >= _nextLevel)
        {
            _nextLevel += LevelInterval;
            Tell($"    level heard: door {Bar(door.Ear.Level)}  indoor {Bar(indoor.Ear.Level)}");
        }
    }

    private static string Bar(double level)
    {
        const double quietest = -60;
        const int length = 20;
        int filled = (int)(double.Max(level - quietest, 0) / -quietest * length);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled).PadRight(length)}] {level,6:F1} dBFS");
    }

    private static bool HasSound(CallReport? call) => call is not null && call.FirstAudio != Instant.Never;
}

/// <summary>The steps of the play, in their order.</summary>
internal enum DemoStep
{
    /// <summary>The visitor presses the button.</summary>
    Pressing,

    /// <summary>The door calls.</summary>
    Calling,

    /// <summary>It is answered; keys are agreed on.</summary>
    Securing,

    /// <summary>The visitor speaks.</summary>
    VisitorSpeaks,

    /// <summary>The house speaks.</summary>
    HouseSpeaks,

    /// <summary>The house keys in the code.</summary>
    Opening,

    /// <summary>The strike is open.</summary>
    Leaving,

    /// <summary>The house hangs up.</summary>
    HangingUp,

    /// <summary>It is over, well or not.</summary>
    Over,
}
