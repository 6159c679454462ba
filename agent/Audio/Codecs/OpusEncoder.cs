using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// Opus at 48 kHz, one channel, tuned for voice (RFC 6716, RFC 7587). Only where <see cref="OpusLibrary.IsInstalled"/>. It allocates
/// nothing after it was made.
/// </summary>
internal sealed unsafe class OpusEncoder : IAudioEncoder
{
    private const int Channels = 1;
    private const int Voice = 3001;

    // Of 0 to 10. From 7 on libopus looks for music, which nobody plays at a door: that costs half as much again (measured).
    private const int Complexity = 5;

    // RFC 7587 section 3.1.3, opus.h: a packet of up to two bytes says that there is nothing to say.
    private const int LongestSilence = 2;

    private readonly OpusRate _rate;
    private readonly OpusEncoderHandle _encoder;

    /// <summary>An encoder for a receiver that wishes this.</summary>
    public OpusEncoder(OpusParameters parameters)
    {
        _rate = new OpusRate(parameters);
        _encoder = OpusLibrary.NewEncoder(CodecFacts.Opus.SampleRate, Channels, OpusApplication.OPUS_APPLICATION_VOIP, out int error);
        if (_encoder.IsInvalid)
        {
            throw new InvalidOperationException($"libopus made no encoder: error {error}.");
        }

        Set(OpusRequest.OPUS_SET_SIGNAL, Voice);
        Set(OpusRequest.OPUS_SET_COMPLEXITY, Complexity);
        Set(OpusRequest.OPUS_SET_INBAND_FEC, parameters.UseInbandFec ? 1 : 0);
        Set(OpusRequest.OPUS_SET_DTX, parameters.UseDtx ? 1 : 0);
        Set(OpusRequest.OPUS_SET_VBR, parameters.ConstantBitRate ? 0 : 1);
        Follow();
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        fixed (short* first = samples)
        fixed (byte* packet = payload)
        {
            int length = OpusLibrary.Encode(_encoder, first, samples.Length, packet, payload.Length);
            return length > LongestSilence ? length : 0;
        }
    }

    /// <inheritdoc/>
    public void ReportLoss(double lossFraction)
    {
        _rate.Report(lossFraction);
        Follow();
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();

    private void Follow()
    {
        Set(OpusRequest.OPUS_SET_BITRATE, _rate.BitRate);
        Set(OpusRequest.OPUS_SET_MAX_BANDWIDTH, (int)_rate.Bandwidth);
        Set(OpusRequest.OPUS_SET_PACKET_LOSS_PERC, _rate.LossPercent);
    }

    private void Set(OpusRequest request, int value)
    {
        int error = OpusLibrary.Set(_encoder, request, value);
        if (error < 0)
        {
            throw new InvalidOperationException($"libopus refuses {request} {value}: error {error}.");
        }
    }
}
