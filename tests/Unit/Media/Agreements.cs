using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>What offer and answer might have agreed on.</summary>
internal static class Agreements
{
    /// <summary>On a codec in both directions, in the clear.</summary>
    public static AudioAgreement On(AudioCodec codec)
    {
        CodecFacts facts = CodecFacts.Of(codec);
        EventFormat events = new(101, facts.ClockRate);
        return new AudioAgreement
        {
            Remote = NetworkEndpoint.FromIPv4(0xC0000201, 20_000),
            RemoteControl = null,
            Codec = codec,
            SendPayloadType = facts.PayloadType,
            ReceivePayloadType = facts.PayloadType,
            ReceiveFormats = [new PayloadFormat(facts.PayloadType, codec)],
            SendEvents = events,
            ReceiveEvents = [events],
            Direction = MediaDirection.SendReceive,
            Keying = MediaKeying.None,
            Keys = null,
            RtcpMux = true,
            IsDtlsClient = null,
            RemoteFingerprints = [],
            RemoteTlsId = null,
            IsNewAssociation = false,
        };
    }
}
