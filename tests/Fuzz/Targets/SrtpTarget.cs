using System.Collections.Generic;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>SRTP and SRTCP under every profile: what is not authentic changes nothing, what is authentic is given once.</summary>
internal sealed class SrtpTarget : IFuzzTarget
{
    private static readonly SrtpProfile[] Profiles =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AesCm128HmacSha1Tag32];

    public string Name => "srtp";

    public bool IsText => false;

    public long AllocationLimit => 4 << 20;

    public IEnumerable<FuzzInput> Seeds()
    {
        foreach (SrtpProfile profile in Profiles)
        {
            using SrtpKeys keys = Keys(profile);
            using SrtpSender sender = keys.CreateSender(isClient: true);
            List<byte[]> sent = [];
            byte[] buffer = new byte[4096];
            foreach (byte[] datagram in new List<FuzzInput>(new MediaTarget().Seeds())[0].Datagrams)
            {
                datagram.CopyTo(buffer, 0);
                bool isControl = datagram.Length > 1 && datagram[1] is >= 192 and <= 223;
                int length = isControl ? sender.ProtectRtcp(buffer, datagram.Length) : sender.ProtectRtp(buffer, datagram.Length);
                sent.Add(buffer[..length]);
            }

            yield return new FuzzInput(sent);
        }
    }

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        foreach (SrtpProfile profile in Profiles)
        {
            using SrtpKeys keys = Keys(profile);
            using SrtpReceiver receiver = keys.CreateReceiver(isClient: false);
            foreach (byte[] datagram in input.Datagrams)
            {
                signature.Add((int)receiver.UnprotectRtp([.. datagram], out _));
                signature.Add((int)receiver.UnprotectRtcp([.. datagram], out _));
            }
        }

        return signature.Value;
    }

    private static SrtpKeys Keys(SrtpProfile profile)
    {
        byte[] block = new byte[SrtpKeys.BlockLength(profile)];
        new SeededRandom(40).Fill(block);
        return new SrtpKeys(profile, block);
    }
}
