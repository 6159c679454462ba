using System;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Tests.Bench;

/// <summary>Our own SRTP.</summary>
internal sealed class OurSrtpPair(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt) : ISrtpPair
{
    private readonly SrtpSender _sender = new(profile, key, salt);
    private readonly SrtpReceiver _receiver = new(profile, key, salt);

    public int Protect(Span<byte> buffer, int length) => _sender.ProtectRtp(buffer, length);

    public bool Unprotect(Span<byte> packet) => _receiver.UnprotectRtp(packet, out _) == SrtpVerdict.Accepted;

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }
}
