using System;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Sdp;

namespace IntercomAgent.Media;

/// <summary>
/// The SRTP contexts of keys that signalling has brought (RFC 4568): there is no handshake, so they are good at once. Each direction goes on
/// as it is while its key stays, and begins anew with another one (section 7.1.4); what is under way under the peer's former key is accepted
/// until the first packet comes under the new one.
/// </summary>
internal sealed class SignalledProtection : IMediaProtection
{
    private SignalledKeys? _keys;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private SrtpReceiver? _former;
    private bool _isUntold;

    /// <inheritdoc/>
    public SecurityFacts Facts => _receiver is null ? SecurityFacts.None : new SecurityFacts("", _keys!.Remote.Profile, TimeSpan.Zero);

    /// <summary>Whether there are keys for both directions.</summary>
    public bool IsSecured => _receiver is not null;

    /// <summary>Takes the keys that offer and answer have agreed on; those that hold already change nothing.</summary>
    public void Take(SignalledKeys keys)
    {
        if (_keys?.Local != keys.Local)
        {
            // Never twice for one key: its packets would be numbered twice.
            _sender?.Dispose();
            _sender = keys.Local.CreateSender();
        }

        if (_receiver is null || _keys?.Remote != keys.Remote)
        {
            _former?.Dispose();
            _former = _receiver;
            _receiver = keys.Remote.CreateReceiver();
            _isUntold = true;
        }

        _keys = keys;
    }

    /// <summary>Another branch of a fork answers: what comes under the key of this one is not heard any more. Our own key may still hold.</summary>
    public void ForgetPeer()
    {
        _former?.Dispose();
        _receiver?.Dispose();
        _former = _receiver = null;
        _isUntold = false;
    }

    /// <summary>Whether there are keys that were not told of; they are now.</summary>
    public bool TakeNews()
    {
        bool isUntold = _isUntold;
        _isUntold = false;
        return isUntold;
    }

    /// <inheritdoc/>
    public int ProtectRtp(Span<byte> buffer, int length) => _sender?.ProtectRtp(buffer, length) ?? 0;

    /// <inheritdoc/>
    public int ProtectRtcp(Span<byte> buffer, int length) => _sender?.ProtectRtcp(buffer, length) ?? 0;

    /// <inheritdoc/>
    public bool TryUnprotectRtp(Span<byte> packet, out int length)
    {
        length = 0;
        if (_receiver?.UnprotectRtp(packet, out length) == SrtpVerdict.Accepted)
        {
            EndFormer();
            return true;
        }

        // What is not authentic was left as it was.
        return _former?.UnprotectRtp(packet, out length) == SrtpVerdict.Accepted;
    }

    /// <inheritdoc/>
    public bool TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (_receiver?.UnprotectRtcp(packet, out length) == SrtpVerdict.Accepted)
        {
            EndFormer();
            return true;
        }

        return _former?.UnprotectRtcp(packet, out length) == SrtpVerdict.Accepted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender?.Dispose();
        _sender = null;
        ForgetPeer();
    }

    private void EndFormer()
    {
        _former?.Dispose();
        _former = null;
    }
}
