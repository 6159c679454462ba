using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Hal;

/// <summary>
/// All of the outside world that the agent can touch: time, waiting, sockets, sound, the door panel and randomness.
/// <c>Machine</c> is the real one; the tests have a simulated one with virtual time. Whoever opens a port names the
/// <see cref="Readiness"/> under which <see cref="Wait"/> reports it, owns the port, and ends it with Dispose.
/// </summary>
public interface IMachine
{
    /// <summary>
    /// The monotonic clock in nanoseconds, as read when <see cref="Wait"/> last returned: one turn of the loop has one time.
    /// </summary>
    long Now { get; }

    /// <summary>The wall clock, nanoseconds since 1970-01-01 UTC, of the same moment as <see cref="Now"/>. It may jump.</summary>
    long UnixTime { get; }

    /// <summary>Reads the monotonic clock afresh, in nanoseconds: only for measuring how long a turn took.</summary>
    long ReadClock();

    /// <summary>
    /// Sleeps until a port is ready or the moment <paramref name="wakeAt"/> (nanoseconds on the clock of <see cref="Now"/>;
    /// <see cref="long.MaxValue"/> for no limit) has come, refreshes <see cref="Now"/>, and fills <paramref name="ready"/> with the
    /// ports that have something to say, in the order of their <see cref="ServiceClass"/>. Returns how many; 0 when only time passed.
    /// Readiness is level-triggered: a port that was not drained is reported again.
    /// </summary>
    int Wait(long wakeAt, Span<Readiness> ready);

    /// <summary>
    /// Opens a UDP socket bound to <paramref name="local"/> (port 0 lets the kernel choose). Failure gives null and a sentence
    /// for a person that names the address and the cause, for example a port in use.
    /// </summary>
    IDatagramSocket? OpenDatagramSocket(NetworkEndpoint local, Readiness readiness, out string? problem);

    /// <summary>
    /// Takes TCP connections at <paramref name="local"/> (port 0 lets the kernel choose). Failure gives null and a sentence.
    /// </summary>
    IStreamListener? OpenStreamListener(NetworkEndpoint local, Readiness readiness, out string? problem);

    /// <summary>
    /// Begins a TCP connection to <paramref name="remote"/>; it comes about, or fails, later. What fails at once gives null and a
    /// sentence.
    /// </summary>
    IStreamConnection? ConnectStream(NetworkEndpoint remote, Readiness readiness, out string? problem);

    /// <summary>
    /// Opens the sound device that the settings describe; ready whenever a period is due. Failure gives null and a sentence.
    /// </summary>
    IAudioDevice? OpenAudioDevice(AudioDeviceSettings settings, Readiness readiness, out string? problem);

    /// <summary>
    /// Opens the door panel that the settings describe; ready whenever an event can be read. Failure gives null and a sentence.
    /// </summary>
    IDoorPanel? OpenDoorPanel(DoorPanelSettings settings, Readiness readiness, out string? problem);

    /// <summary>Turns SIGTERM, SIGINT and SIGHUP into readiness instead of sudden death. At most one can be open.</summary>
    ISignalPort OpenSignals(Readiness readiness);

    /// <summary>
    /// The local address from which the kernel would send to <paramref name="remote"/>, with port 0: what goes into Via, Contact and SDP.
    /// Null when there is no route.
    /// </summary>
    NetworkEndpoint? FindLocalAddress(NetworkEndpoint remote);

    /// <summary>
    /// The text of a small file of the system that others write, such as <c>/etc/hosts</c>; empty when there is none, or none that can be
    /// read.
    /// </summary>
    string ReadSystemFile(string path);

    /// <summary>
    /// Begins to watch the machine's links, addresses and routes; ready when any of them has changed. Failure gives null and a sentence.
    /// </summary>
    INetworkWatch? OpenNetworkWatch(Readiness readiness, out string? problem);

    /// <summary>Overwrites the whole destination with random bytes fit for keys.</summary>
    void FillRandom(Span<byte> destination);
}
