using System;

namespace IntercomAgent.Audio;

/// <summary>Joins the periods of the audio clock into the samples of one packet, where a period is shorter than a packet.</summary>
/// <param name="packetSamples">Samples in a packet, a multiple of a period's.</param>
internal sealed class PacketAssembler(int packetSamples)
{
    private readonly short[] _samples = new short[packetSamples];
    private int _length;

    /// <summary>Takes a period. True when it completes a packet: <paramref name="packet"/> then holds it until the next call.</summary>
    public bool TryComplete(ReadOnlySpan<short> period, out ReadOnlySpan<short> packet)
    {
        period.CopyTo(_samples.AsSpan(_length));
        _length += period.Length;
        packet = _samples;
        if (_length < _samples.Length)
        {
            return false;
        }

        _length = 0;
        return true;
    }

    /// <summary>Forgets an incomplete packet.</summary>
    public void Reset() => _length = 0;
}
