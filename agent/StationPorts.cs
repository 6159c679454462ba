using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;

namespace IntercomAgent;

/// <summary>Which sound device and which panel a station has.</summary>
/// <param name="Audio">The sound device; its periods are a whole fraction of 20 ms.</param>
/// <param name="Panel">The panel.</param>
internal sealed record StationDevices(AudioDeviceSettings Audio, DoorPanelSettings Panel);

/// <summary>The ports of one station, those that could be opened.</summary>
internal sealed class StationPorts : IDisposable
{
    /// <summary>Where SIP is spoken.</summary>
    public IDatagramSocket Signalling { get; set; } = null!;

    /// <summary>Microphone and loudspeaker.</summary>
    public IAudioDevice Audio { get; set; } = null!;

    /// <summary>Buttons and strike.</summary>
    public IDoorPanel Panel { get; set; } = null!;

    /// <summary>Closes all that is open; the strike is let go first.</summary>
    public void Dispose()
    {
        Panel?.Dispose();
        Audio?.Dispose();
        Signalling?.Dispose();
    }
}
