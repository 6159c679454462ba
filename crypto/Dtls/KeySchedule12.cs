using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// From the premaster secret to every key of a DTLS 1.2 association: RFC 5246 sections 6.3 (keys), 7.4.9 (Finished) and 8.1 (master
/// secret), RFC 7627 (extended master secret), RFC 5705 (exporters).
/// </summary>
internal sealed class KeySchedule12 : IDisposable
{
    /// <summary>Length of the verify_data of a Finished message.</summary>
    public const int VerifyDataLength = 12;

    private const int MasterSecretLength = 48;

    private readonly DtlsCipherSuite _suite;
    private readonly byte[] _clientRandom;
    private readonly byte[] _serverRandom;
    private readonly PseudorandomFunction _ofMasterSecret;

    /// <summary>Derives the master secret and wipes the premaster secret.</summary>
    /// <param name="suite">Gives the hash and the lengths of the keys.</param>
    /// <param name="clientRandom">The ClientHello's random.</param>
    /// <param name="serverRandom">The ServerHello's random.</param>
    /// <param name="premasterSecret">What the key exchange gave; zero afterwards.</param>
    /// <param name="sessionHash">
    /// The hash of the handshake up to and with ClientKeyExchange for an extended master secret; empty for the old one.
    /// </param>
    public KeySchedule12(
        DtlsCipherSuite suite, byte[] clientRandom, byte[] serverRandom, byte[] premasterSecret, ReadOnlySpan<byte> sessionHash)
    {
        _suite = suite;
        _clientRandom = clientRandom;
        _serverRandom = serverRandom;
        Span<byte> masterSecret = stackalloc byte[MasterSecretLength];
        using (PseudorandomFunction ofPremasterSecret = new(suite.Digest, premasterSecret))
        {
            if (sessionHash.IsEmpty)
            {
                ofPremasterSecret.Expand("master secret"u8, clientRandom, serverRandom, masterSecret);
            }
            else
            {
                ofPremasterSecret.Expand("extended master secret"u8, sessionHash, [], masterSecret);
            }
        }

        _ofMasterSecret = new PseudorandomFunction(suite.Digest, masterSecret);
        CryptographicOperations.ZeroMemory(masterSecret);
        CryptographicOperations.ZeroMemory(premasterSecret);
    }

    /// <summary>The record protection of both directions of epoch 1 (RFC 5246 section 6.3).</summary>
    /// <param name="encryptThenMac">Whether both sides know RFC 7366; it changes nothing but the suites with CBC.</param>
    /// <param name="random">Gives the initialization vectors of the suites with CBC.</param>
    public (RecordProtection Client, RecordProtection Server) CreateProtection(bool encryptThenMac, IRandomSource random)
    {
        int macKeyLength = _suite.MacKeyLength;
        int keyLength = _suite.KeyLength;
        int ivLength = _suite.FixedIvLength;
        byte[] block = new byte[2 * (macKeyLength + keyLength + ivLength)];
        _ofMasterSecret.Expand("key expansion"u8, _serverRandom, _clientRandom, block);

        ReadOnlySpan<byte> macKeys = block.AsSpan(0, 2 * macKeyLength);
        ReadOnlySpan<byte> keys = block.AsSpan(2 * macKeyLength, 2 * keyLength);
        ReadOnlySpan<byte> ivs = block.AsSpan(2 * (macKeyLength + keyLength));
        RecordProtection client = Create(macKeys[..macKeyLength], keys[..keyLength], ivs[..ivLength]);
        RecordProtection server = Create(macKeys[macKeyLength..], keys[keyLength..], ivs[ivLength..]);
        CryptographicOperations.ZeroMemory(block);
        return (client, server);

        RecordProtection Create(ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
            _suite.IsCbc
                ? new CbcRecordProtection(macKey, key, encryptThenMac, random)
                : new AeadRecordProtection(_suite, key, iv);
    }

    /// <summary>The verify_data of the sender's Finished message after this hash of the handshake.</summary>
    public byte[] ComputeVerifyData(DtlsRole sender, ReadOnlySpan<byte> handshakeHash)
    {
        byte[] verifyData = new byte[VerifyDataLength];
        _ofMasterSecret.Expand(sender == DtlsRole.Client ? "client finished"u8 : "server finished"u8, handshakeHash, [], verifyData);
        return verifyData;
    }

    /// <summary>RFC 5705 section 4, without a context.</summary>
    public void Export(ReadOnlySpan<byte> label, Span<byte> destination) =>
        _ofMasterSecret.Expand(label, _clientRandom, _serverRandom, destination);

    /// <inheritdoc/>
    public void Dispose() => _ofMasterSecret.Dispose();
}
