using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// Decodes payload that cannot be cut: a packet is kept whole, and its number stands at each place of its time in the jitter buffer's ring
/// (<see cref="PacketShelf"/>). Where its turn comes, it is decoded once, and given out as it is asked for. What is lost the codec makes
/// up itself, where it can.
/// </summary>
internal sealed class PacketPayloads : IPayloadDecoder, IDisposable
{
    /// <summary>The longest packet, 120 ms: that of Opus (RFC 6716 section 3.2.5).</summary>
    private const int LongestMilliseconds = 120;

    /// <summary>What is made up at once, 10 ms: the shortest that each mode of Opus makes up whole.</summary>
    private const int MadeMilliseconds = 10;

    private const int PlacesPerMillisecond = 8;

    private readonly IAudioDecoder _decoder;
    private readonly PacketShelf _shelf = new();
    private readonly ClockScale _scale;
    private readonly int _samplesPerPlace;
    private readonly int _madeSamples;
    private readonly byte[] _places = new byte[LongestMilliseconds * PlacesPerMillisecond];
    private readonly short[] _sound;
    private readonly short[] _made;
    private int _count;
    private RtpTimestamp _begins;
    private bool _isDecoded;
    private int _madeNext;
    private int _madeEnd;

    /// <summary>A decoder that has heard nothing.</summary>
    /// <param name="codec">The codec, which is available.</param>
    public PacketPayloads(AudioCodec codec)
    {
        CodecFacts facts = CodecFacts.Of(codec);
        _decoder = AudioCoders.NewDecoder(codec);
        _scale = new ClockScale(facts.ClockRate / (1000 * PlacesPerMillisecond));
        _samplesPerPlace = facts.SampleRate / (1000 * PlacesPerMillisecond);
        _madeSamples = facts.SampleRate * MadeMilliseconds / 1000;
        _sound = new short[facts.SampleRate * LongestMilliseconds / 1000];
        _made = new short[_sound.Length];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<short> Continuation => _made.AsSpan(_madeNext, _madeEnd - _madeNext);

    /// <summary>The place in the ring of a moment of the RTP clock.</summary>
    public RtpTimestamp PlaceOf(RtpTimestamp timestamp) => _scale.Convert(timestamp);

    /// <summary>
    /// Keeps a packet; returns what stands for it in the ring, one octet for each place, and where that begins. Nothing when it is malformed.
    /// </summary>
    public ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> payload, RtpTimestamp timestamp, out RtpTimestamp begins)
    {
        begins = _scale.Convert(timestamp);
        int samples = payload.Length > PacketShelf.LongestPayload ? 0 : _decoder.CountSamples(payload);
        if (samples == 0 || samples > _sound.Length)
        {
            return [];
        }

        Span<byte> places = _places.AsSpan(0, samples / _samplesPerPlace);
        places.Fill(_shelf.Put(payload, begins));
        return places;
    }

    /// <inheritdoc/>
    public void Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples)
    {
        (_madeNext, _madeEnd) = (0, 0);
        while (!payload.IsEmpty)
        {
            int run = payload.IndexOfAnyExcept(payload[0]) is >= 0 and int other ? other : payload.Length;
            Turn(payload[0]);
            Span<short> stretch = samples[..(run * _samplesPerPlace)];
            int first = (at - _begins) * _samplesPerPlace;
            if (first >= 0 && first + stretch.Length <= _count)
            {
                _sound.AsSpan(first, stretch.Length).CopyTo(stretch);
            }
            else
            {
                stretch.Clear();
            }

            samples = samples[stretch.Length..];
            payload = payload[run..];
            at += run;
        }
    }

    /// <inheritdoc/>
    public bool TryConceal(in JitterGap gap, Span<short> samples)
    {
        ReadOnlySpan<byte> next = gap.IsKnown ? _shelf.Get(gap.Octet, out _) : [];
        while (!samples.IsEmpty)
        {
            if (_madeNext == _madeEnd && !TryMake(next, next.IsEmpty ? int.MaxValue : samples.Length + (gap.Places * _samplesPerPlace)))
            {
                return false;
            }

            int count = int.Min(samples.Length, _madeEnd - _madeNext);
            _made.AsSpan(_madeNext, count).CopyTo(samples);
            _madeNext += count;
            samples = samples[count..];
        }

        _isDecoded = false;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    /// <summary>It is this packet's turn.</summary>
    private void Turn(byte number)
    {
        ReadOnlySpan<byte> packet = _shelf.Get(number, out RtpTimestamp begins);
        if (!_isDecoded || begins != _begins)
        {
            _count = _decoder.Decode(packet, _sound);
            _begins = begins;
            _isDecoded = true;
        }
    }

    /// <summary>Makes up some of what is lost; where the packet after it repeats the end of it, that much as it was.</summary>
    /// <param name="next">The packet after it; empty while there is none.</param>
    /// <param name="lost">Samples that are lost from here on.</param>
    private bool TryMake(ReadOnlySpan<byte> next, int lost)
    {
        int repeated = next.IsEmpty ? 0 : _decoder.CountSamples(next);
        bool isRepeated = repeated >= lost && repeated <= _made.Length;
        int made = isRepeated ? repeated : _madeSamples;
        _madeNext = isRepeated ? repeated - lost : 0;
        _madeEnd = isRepeated ? made : int.Min(made, lost - (lost > repeated ? repeated : 0));
        return _decoder.TryConceal(isRepeated ? next : [], _made.AsSpan(0, made));
    }
}
