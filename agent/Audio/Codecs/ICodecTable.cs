namespace IntercomAgent.Audio.Codecs;

/// <summary>What offer and answer have agreed on that payload types stand for.</summary>
internal interface ICodecTable
{
    /// <summary>The codec of a payload type; null when that was not agreed on.</summary>
    AudioCodec? CodecOf(byte payloadType);
}
