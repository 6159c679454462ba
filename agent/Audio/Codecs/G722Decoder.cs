using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// The decoder of ITU-T G.722 in mode 1: each octet gives two samples, 16,000 a second. Any octets can be decoded; what no encoder writes
/// sounds like noise.
/// </summary>
internal sealed class G722Decoder : IAudioDecoder
{
    private const int Past = G722Tables.FilterLength - 2;
    private const int PairsAtOnce = 80;

    // Each sub-band has 15 bits.
    private const int Greatest = 0x3FFF;

    private readonly int[] _signal = new int[Past + (2 * PairsAtOnce)];
    private readonly G722Band _lower = G722Band.Lower();
    private readonly G722Band _higher = G722Band.Higher();

    /// <inheritdoc/>
    public int CountSamples(ReadOnlySpan<byte> payload) => 2 * payload.Length;

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        int count = CountSamples(payload);
        if (count > samples.Length)
        {
            return 0;
        }

        while (!payload.IsEmpty)
        {
            int pairs = int.Min(payload.Length, PairsAtOnce);
            for (int pair = 0; pair < pairs; pair++)
            {
                int lower = DecodeLower(payload[pair] & 0x3F);
                int higher = DecodeHigher(payload[pair] >> 6);
                _signal[Past + (2 * pair)] = lower + higher;
                _signal[Past + (2 * pair) + 1] = lower - higher;
            }

            for (int pair = 0; pair < pairs; pair++)
            {
                (int even, int odd) = G722Tables.ApplyFilter(_signal.AsSpan(2 * pair, G722Tables.FilterLength));
                samples[2 * pair] = (short)G722Band.Saturate(odd >> 11);
                samples[(2 * pair) + 1] = (short)G722Band.Saturate(even >> 11);
            }

            _signal.AsSpan(2 * pairs, Past).CopyTo(_signal);
            payload = payload[pairs..];
            samples = samples[(2 * pairs)..];
        }

        return count;
    }

    /// <inheritdoc/>
    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples) => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to free.
    }

    // Blocks INVQBL, RECONS, LIMIT and INVQAL.
    private int DecodeLower(int code)
    {
        int sample = int.Clamp(_lower.Prediction + _lower.Scale(G722Tables.LowLevels[code]), ~Greatest, Greatest);
        int coarse = code >> 2;
        _lower.Adapt(_lower.Scale(G722Tables.LowCoarseLevels[coarse]), G722Tables.LowScaleChanges[coarse]);
        return sample;
    }

    // Blocks INVQAH, RECONS and LIMIT.
    private int DecodeHigher(int code)
    {
        int difference = _higher.Scale(G722Tables.HighLevels[code]);
        int sample = int.Clamp(_higher.Prediction + difference, ~Greatest, Greatest);
        _higher.Adapt(difference, G722Tables.HighScaleChanges[code]);
        return sample;
    }
}
