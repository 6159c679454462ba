using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Files;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Hal;

/// <summary>
/// The real machine: a Linux kernel, one epoll loop and no thread of our own. Ports end before it does; one that is still open then
/// can still be closed. A machine on which not even a loop can be made gives an <see cref="System.IO.IOException"/>.
/// </summary>
public sealed class Machine : IMachine, IDisposable
{
    /// <summary>The lowest sample rate of telephony.</summary>
    private const int MinimumSampleRate = 8000;

    /// <summary>The highest sample rate that the media engines know.</summary>
    private const int MaximumSampleRate = 48_000;

    private const int StandardInput = 0;

    private readonly EventLoop _loop = new();
    private readonly SendQueuePool _sendQueues = new();
    private SignalPort? _signals;

    /// <inheritdoc/>
    public long Now => _loop.Now;

    /// <inheritdoc/>
    public long UnixTime => _loop.UnixTime;

    /// <inheritdoc/>
    public long ReadClock() => EventLoop.ReadClock();

    /// <inheritdoc/>
    public int Wait(long wakeAt, Span<Readiness> ready) => _loop.Wait(wakeAt, ready);

    /// <inheritdoc/>
    public IDatagramSocket? OpenDatagramSocket(NetworkEndpoint local, Readiness readiness, out string? problem) =>
        DatagramSocket.Open(_loop, _sendQueues, local, readiness, out problem);

    /// <inheritdoc/>
    public IStreamListener? OpenStreamListener(NetworkEndpoint local, Readiness readiness, out string? problem) =>
        StreamListener.Open(_loop, local, readiness, out problem);

    /// <inheritdoc/>
    public IStreamConnection? ConnectStream(NetworkEndpoint remote, Readiness readiness, out string? problem) =>
        StreamConnection.Connect(_loop, remote, readiness, out problem);

    /// <inheritdoc/>
    public IAudioDevice? OpenAudioDevice(AudioDeviceSettings settings, Readiness readiness, out string? problem)
    {
        problem = FindProblem(settings);
        return problem is not null ? null : settings switch
        {
            TimerAudioSettings timer => OpenTimer(timer, readiness, out problem),
            AlsaAudioSettings alsa => OpenAlsa(alsa, readiness, out problem),
            _ => throw new UnreachableException(),
        };
    }

    /// <inheritdoc/>
    public IDoorPanel? OpenDoorPanel(DoorPanelSettings settings, Readiness readiness, out string? problem)
    {
        problem = null;
        return settings switch
        {
            NoPanelSettings => new NoPanel(),
            ProgrammedPanelSettings programmed => new ProgrammedPanelPort(programmed.Panel, _loop, readiness),
            StandardInputPanelSettings =>
                StandardInputPanel.Open(_loop, Descriptor.Inherited(StandardInput), readiness, out problem),
            GpioPanelSettings gpio => GpioPanel.Open(new GpioKernel(), _loop, gpio, readiness, out problem),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>
    /// Opens a chip for <c>System.Device.Gpio</c>: a <c>GpioController</c> on this driver, and the device bindings built on that, run on this
    /// loop. When <paramref name="readiness"/> is reported, <see cref="LoopGpioDriver.Deliver"/> calls the callbacks. Failure gives null
    /// and a sentence.
    /// </summary>
    /// <param name="chip">The chip's name or label.</param>
    /// <param name="readiness">Under which name edges are reported.</param>
    /// <param name="problem">What is wrong; null on success.</param>
    public LoopGpioDriver? OpenGpioDriver(string chip, Readiness readiness, out string? problem) =>
        LoopGpioDriver.Open(new GpioKernel(), _loop, chip, readiness, out problem);

    /// <summary><inheritdoc/> <see cref="SignalMask.TryInherit"/> comes first.</summary>
    public ISignalPort OpenSignals(Readiness readiness) => _signals is null or { IsClosed: true }
        ? _signals = new SignalPort(_loop, readiness)
        : throw new InvalidOperationException("The signals are already open.");

    /// <inheritdoc/>
    public NetworkEndpoint? FindLocalAddress(NetworkEndpoint remote) => DatagramSocket.FindLocalAddress(remote);

    /// <inheritdoc/>
    public string ReadSystemFile(string path) => SystemFile.Read(path);

    /// <inheritdoc/>
    public INetworkWatch? OpenNetworkWatch(Readiness readiness, out string? problem) => NetworkWatch.Open(_loop, readiness, out problem);

    /// <inheritdoc/>
    public void FillRandom(Span<byte> destination) => RandomBytes.Fill(destination);

    /// <summary>Closes the loop, and the signals if they are still open. May be asked twice.</summary>
    public void Dispose()
    {
        _signals?.Dispose();
        _loop.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The device owns its clock, and ends it when it closes.")]
    private TimerAudioDevice? OpenTimer(TimerAudioSettings settings, Readiness readiness, out string? problem)
    {
        problem = null;
        IPeriodClock? clock = settings.Clock is null
            ? new PeriodClock(settings.SampleRate, settings.PeriodSamples, ReadClock())
            : EdgeClock.Open(new GpioKernel(), _loop, settings, settings.Clock, readiness, out problem);
        return clock is null ? null : new TimerAudioDevice(settings, clock, _loop, readiness);
    }

    private AlsaAudioDevice? OpenAlsa(AlsaAudioSettings settings, Readiness readiness, out string? problem)
    {
        if (Alsa.IsInstalled())
        {
            return AlsaAudioDevice.Open(new AlsaLibrary(), new MixerControls(), settings, _loop, readiness, out problem);
        }

        problem = Alsa.Missing;
        return null;
    }

    private static string? FindProblem(AudioDeviceSettings settings) => settings switch
    {
        { SampleRate: < MinimumSampleRate or > MaximumSampleRate } => string.Create(
            CultureInfo.InvariantCulture,
            $"cannot sample {settings.SampleRate} times a second: it must be {MinimumSampleRate} to {MaximumSampleRate}"),
        _ when settings.PeriodSamples < 1 || settings.PeriodSamples > settings.SampleRate => string.Create(
            CultureInfo.InvariantCulture, $"cannot use periods of {settings.PeriodSamples} samples: they must be 1 to a second's worth"),
        TimerAudioSettings { Clock: { } clock } when !EdgeClock.Divides(settings, clock) => string.Create(
            CultureInfo.InvariantCulture,
            $"cannot count {clock.EdgesPerSecond} edges a second: a period must have a whole number of them, and a second at most "
            + $"{LineClock.MaximumEdgesPerSecond}"),
        _ => null,
    };
}
