using System;

namespace IntercomAgent;

/// <summary>Collects what a sound device captures until it fills a packet, which is a whole number of the device's periods.</summary>
/// <param name="samples">Samples in a packet.</param>
internal sealed class PacketBuffer(int samples)
{
    private readonly short[] _captured = new short[samples];
    private int _filled;

    /// <summary>Where the device's next period is captured to: <paramref name="length"/> samples, which divide the packet.</summary>
    public Span<short> Next(int length) => _captured.AsSpan(_filled, length);

    /// <summary>The device has captured; true when that completes a packet, which is then in <see cref="Captured"/>.</summary>
    public bool Complete(int length)
    {
        _filled = (_filled + length) % samples;
        return _filled == 0;
    }

    /// <summary>Whether nothing of the next packet has been captured yet.</summary>
    public bool IsEmpty => _filled == 0;

    /// <summary>The completed packet's samples.</summary>
    public ReadOnlySpan<short> Captured => _captured;
}
