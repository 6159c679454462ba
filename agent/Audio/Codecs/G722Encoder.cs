using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// The encoder of ITU-T G.722 in mode 1: 16,000 samples a second become 8000 octets. Two sub-bands are coded apart, the lower with six
/// bits a sample, the higher with two, which are the octet's highest.
/// </summary>
internal sealed class G722Encoder : IAudioEncoder
{
    // Samples that wait in front of the filter, and the pairs that are filtered between two moves of what it still looks at.
    private const int Past = G722Tables.FilterLength - 2;
    private const int PairsAtOnce = 80;

    private readonly int[] _signal = new int[Past + (2 * PairsAtOnce)];
    private readonly G722Band _lower = G722Band.Lower();
    private readonly G722Band _higher = G722Band.Higher();

    /// <summary>Encodes each pair of samples into one octet. <paramref name="payload"/> must be at least half as long.</summary>
    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        int length = samples.Length / 2;
        while (samples.Length >= 2)
        {
            int pairs = int.Min(samples.Length / 2, PairsAtOnce);
            for (int index = 0; index < 2 * pairs; index++)
            {
                _signal[Past + index] = samples[index];
            }

            for (int pair = 0; pair < pairs; pair++)
            {
                (int even, int odd) = G722Tables.ApplyFilter(_signal.AsSpan(2 * pair, G722Tables.FilterLength));
                payload[pair] = (byte)(EncodeLower((odd + even) >> 14) | (EncodeHigher((odd - even) >> 14) << 6));
            }

            _signal.AsSpan(2 * pairs, Past).CopyTo(_signal);
            samples = samples[(2 * pairs)..];
            payload = payload[pairs..];
        }

        return length;
    }

    /// <inheritdoc/>
    public void ReportLoss(double lossFraction)
    {
        // Nothing can be spared or repeated.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to free.
    }

    // Blocks SUBTRA, QUANTL and INVQAL.
    private int EncodeLower(int sample)
    {
        int difference = G722Band.Saturate(sample - _lower.Prediction);
        int magnitude = difference < 0 ? ~difference : difference;
        ReadOnlySpan<short> decisions = G722Tables.LowDecisions;
        int interval = 0;
        while (interval < decisions.Length && magnitude >= (decisions[interval] * _lower.Step) >> 12)
        {
            interval++;
        }

        int code = (difference < 0 ? G722Tables.LowNegativeCodes : G722Tables.LowPositiveCodes)[interval];
        int coarse = code >> 2;
        _lower.Adapt(_lower.Scale(G722Tables.LowCoarseLevels[coarse]), G722Tables.LowScaleChanges[coarse]);
        return code;
    }

    // Blocks SUBTRA, QUANTH and INVQAH.
    private int EncodeHigher(int sample)
    {
        int difference = G722Band.Saturate(sample - _higher.Prediction);
        int magnitude = difference < 0 ? ~difference : difference;
        bool isFar = magnitude >= (G722Tables.HighDecision * _higher.Step) >> 12;
        int code = (difference < 0 ? 0 : 2) | (isFar ? 0 : 1);
        _higher.Adapt(_higher.Scale(G722Tables.HighLevels[code]), G722Tables.HighScaleChanges[code]);
        return code;
    }
}
