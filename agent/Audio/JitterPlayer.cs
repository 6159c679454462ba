using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Plays what a jitter buffer gives: decoded, with what is missing made up, and a little faster or slower while the buffer's delay is not
/// what it should be. It takes from the buffer no earlier than it must, so that the buffer keeps the choice.
/// </summary>
internal sealed class JitterPlayer
{
    private readonly IJitterBuffer _jitter;
    private readonly IPayloadDecoder _decoder;
    private readonly SoundLine _line;
    private readonly TimeStretcher _stretcher;
    private readonly Concealment _concealment;
    private readonly ComfortNoise _noise = new();
    private readonly byte[] _payload;
    private readonly short[] _leaving;
    private readonly int _samplesPerOctet;
    private bool _speaks;
    private bool _describes;
    private int _remainder;
    private bool _isMadeByCodec;

    /// <summary>A player.</summary>
    /// <param name="jitter">Where payload comes from.</param>
    /// <param name="decoder">What makes sound of it.</param>
    /// <param name="longestSamples">Samples that are played at once, at most.</param>
    /// <param name="sampleRate">Samples a second: 8000 or a multiple.</param>
    public JitterPlayer(IJitterBuffer jitter, IPayloadDecoder decoder, int longestSamples, int sampleRate)
    {
        int piece = sampleRate * TimeStretcher.LongestPieceMilliseconds / 1000;
        _jitter = jitter;
        _decoder = decoder;
        _samplesPerOctet = sampleRate / (1000 * DelayControl.OctetsPerMillisecond);
        _stretcher = new TimeStretcher(sampleRate);
        _concealment = new Concealment(sampleRate);

        // What is played at once, and two pieces with what they need: one was left out before, one is put in.
        int capacity = longestSamples + (2 * (piece + _stretcher.Fade));
        _line = new SoundLine(int.Max(piece, Concealment.PastFor(sampleRate)), capacity);
        _payload = new byte[capacity / _samplesPerOctet];
        _leaving = new short[capacity];
    }

    /// <summary>Plays the next samples: those of one period, or a few more or less.</summary>
    public void Play(Span<short> sound)
    {
        _jitter.Begin();
        int excess = _jitter.Excess * _samplesPerOctet;
        if (_stretcher.IsReady(excess))
        {
            Stretch(excess);
        }

        Fill(sound.Length);
        _line.Take(sound);
        _stretcher.Pass(sound);
        _jitter.End(_line.Waiting / _samplesPerOctet);
    }

    private void Stretch(int excess)
    {
        int needed = _stretcher.NeededFor(int.Max(excess, 0));
        int lacking = int.Max(needed - _line.Waiting, 0) / _samplesPerOctet;
        Fill(_line.Waiting + (_jitter.Ready(lacking) * _samplesPerOctet));
        int change = excess > 0 ? _stretcher.Shorten(_line, excess) : -_stretcher.Lengthen(_line, -excess);
        if (change != 0)
        {
            (int octets, _remainder) = int.DivRem(change + _remainder, _samplesPerOctet);
            _jitter.Shorten(octets);
        }
    }

    /// <summary>Takes from the buffer until so many samples wait.</summary>
    private void Fill(int samples)
    {
        while (_line.Waiting < samples)
        {
            int octets = (samples - _line.Waiting + _samplesPerOctet - 1) / _samplesPerOctet;
            FillStretch(_payload.AsSpan(0, octets));
        }
    }

    private void FillStretch(Span<byte> lacking)
    {
        JitterVerdict verdict = _jitter.Play(lacking, out byte payloadType, out int length);
        ReadOnlySpan<byte> payload = lacking[..length];
        int samples = length * _samplesPerOctet;
        bool describes = verdict == JitterVerdict.Frame && payloadType == ComfortNoise.PayloadType;
        if (describes)
        {
            _noise.Describe(!_describes, payload);
        }

        _describes = describes;
        switch (verdict)
        {
            case JitterVerdict.Frame when !describes:
                _noise.Forget();
                Begin(speaks: true);
                Resume(leaps: !_decoder.Continuation.IsEmpty);
                Span<short> speech = _line.Append(samples);
                _decoder.Decode(payloadType, payload, _jitter.Given, speech);
                _concealment.Join(speech);
                break;
            case JitterVerdict.Frame:
            case JitterVerdict.Silence:
                Begin(speaks: false);
                Resume(leaps: true);
                Span<short> silence = _line.Append(samples);
                MakeSilence(silence);
                _concealment.Join(silence);
                break;
            case JitterVerdict.Missing:
                Conceal(samples);
                break;
            case JitterVerdict.Leap:
                Span<short> leaving = _leaving.AsSpan(0, samples);
                _decoder.Decode(payloadType, payload, _jitter.Given, leaving);
                _concealment.Leap(_line, leaving);
                break;
        }
    }

    /// <summary>Nobody promises that a voice begins or ends softly.</summary>
    private void Begin(bool speaks)
    {
        if (speaks != _speaks)
        {
            _speaks = speaks;
            _concealment.Leap(_line, []);
        }
    }

    private void Conceal(int samples)
    {
        Span<short> made = _leaving.AsSpan(0, samples);
        _isMadeByCodec = _decoder.TryConceal(_jitter.Gap, made);
        if (_isMadeByCodec)
        {
            Span<short> stretch = _line.Append(samples);
            made.CopyTo(stretch);
            _concealment.Join(stretch);
        }
        else
        {
            _concealment.Conceal(_line, samples);
        }
    }

    /// <summary>After what the codec has made up comes something else, which it leads to by itself unless it has gone too far.</summary>
    private void Resume(bool leaps)
    {
        if (_isMadeByCodec && leaps)
        {
            _concealment.Leap(_line, _decoder.Continuation);
        }

        _isMadeByCodec = false;
    }

    private void MakeSilence(Span<short> silence)
    {
        if (_noise.IsKnown)
        {
            _noise.Make(silence);
        }
        else
        {
            silence.Clear();
        }
    }
}
