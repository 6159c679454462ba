using System;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// The keying material that a DTLS handshake exports for SRTP, cut into the master keys and salts of both sides (RFC 5764
/// section 4.2). Disposing wipes it; the senders and receivers that were made from it live on.
/// </summary>
public sealed class SrtpKeys : IDisposable
{
    private readonly SrtpProfile _profile;
    private readonly byte[] _block;
    private bool _disposed;

    /// <summary>Copies the exported block.</summary>
    /// <param name="profile">The profile that <c>use_srtp</c> negotiated.</param>
    /// <param name="block">Exactly <see cref="BlockLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The block has another length: our own mistake.</exception>
    public SrtpKeys(SrtpProfile profile, ReadOnlySpan<byte> block)
    {
        if (block.Length != BlockLength(profile))
        {
            throw new ArgumentException("The block has the length of the profile's keys and salts.", nameof(block));
        }

        _profile = profile;
        _block = block.ToArray();
    }

    /// <summary>How many bytes have to be exported for the profile.</summary>
    public static int BlockLength(SrtpProfile profile) => 2 * (profile.KeyLength + profile.SaltLength);

    /// <summary>What protects the packets that we send. The caller owns it.</summary>
    /// <param name="isClient">Whether we were the client of the handshake.</param>
    /// <exception cref="ObjectDisposedException">The keys are wiped: our own mistake.</exception>
    public SrtpSender CreateSender(bool isClient) => new(_profile, MasterKey(isClient), MasterSalt(isClient));

    /// <summary>What opens the packets that the peer sends. The caller owns it.</summary>
    /// <param name="isClient">Whether we were the client of the handshake.</param>
    /// <exception cref="ObjectDisposedException">The keys are wiped: our own mistake.</exception>
    public SrtpReceiver CreateReceiver(bool isClient) => new(_profile, MasterKey(!isClient), MasterSalt(!isClient));

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_block);
    }

    // RFC 5764 section 4.2: client key, server key, client salt, server salt.
    private ReadOnlySpan<byte> MasterKey(bool ofClient)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _block.AsSpan(ofClient ? 0 : _profile.KeyLength, _profile.KeyLength);
    }

    private ReadOnlySpan<byte> MasterSalt(bool ofClient) =>
        _block.AsSpan((2 * _profile.KeyLength) + (ofClient ? 0 : _profile.SaltLength), _profile.SaltLength);
}
