namespace IntercomAgent.Audio.Codecs;

/// <summary>Makes encoders and decoders.</summary>
internal static class AudioCoders
{
    /// <summary>Whether this machine has what the codec needs.</summary>
    public static bool IsAvailable(AudioCodec codec) => codec != AudioCodec.Opus || OpusLibrary.IsInstalled();

    /// <summary>An encoder. Only of a codec that is available.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="wishes">What the receiver wishes, where the codec is Opus.</param>
    public static IAudioEncoder NewEncoder(AudioCodec codec, OpusParameters wishes) => codec switch
    {
        AudioCodec.Pcmu => new SampleEncoder(MuLaw.Encode, 1),
        AudioCodec.Pcma => new SampleEncoder(ALaw.Encode, 1),
        AudioCodec.G722 => new G722Encoder(),
        AudioCodec.L16 => new SampleEncoder(L16.Encode, L16.SampleBytes),
        AudioCodec.Opus => new OpusEncoder(wishes),
    };

    /// <summary>A decoder. Only of a codec that is available.</summary>
    public static IAudioDecoder NewDecoder(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => new SampleDecoder(MuLaw.Decode, 1),
        AudioCodec.Pcma => new SampleDecoder(ALaw.Decode, 1),
        AudioCodec.G722 => new G722Decoder(),
        AudioCodec.L16 => new SampleDecoder(L16.Decode, L16.SampleBytes),
        AudioCodec.Opus => new OpusDecoder(),
    };
}
