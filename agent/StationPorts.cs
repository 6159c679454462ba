using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;

namespace IntercomAgent;

/// <summary>Which sound device and which panel a station has.</summary>
/// <param name="Audio">The sound device; its periods are a whole fraction of 20 ms.</param>
/// <param name="Panel">The panel.</param>
internal sealed record StationDevices(AudioDeviceSettings Audio, DoorPanelSettings Panel);

/// <summary>The open ports of one station. Disposing closes them; the strike is let go first.</summary>
/// <param name="Signalling">Where SIP is spoken.</param>
/// <param name="Device">Microphone and loudspeaker, at their own rate.</param>
/// <param name="Panel">Buttons and strike.</param>
/// <param name="Listener">Where connections that carry SIP are taken; null where TCP is not spoken.</param>
/// <param name="TlsListener">Where those are taken that carry it over TLS; null where there is nothing to prove ourselves with.</param>
/// <param name="Network">Tells when the network changes; null where nothing does.</param>
internal sealed record StationPorts(
    IDatagramSocket Signalling, IAudioDevice Device, IDoorPanel Panel, IStreamListener? Listener, IStreamListener? TlsListener,
    INetworkWatch? Network) : IDisposable
{
    /// <summary>Microphone and loudspeaker, at the rate of the media path whatever the device's own is.</summary>
    public ConvertedAudioDevice Audio { get; } = new ConvertedAudioDevice(Device, AudioStream.SampleRate);

    /// <inheritdoc/>
    public void Dispose()
    {
        Panel.Dispose();
        Audio.Dispose();
        TlsListener?.Dispose();
        Network?.Dispose();
        Listener?.Dispose();
        Signalling.Dispose();
    }
}
