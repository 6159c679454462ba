using System;
using IntercomAgent.Crypto.Dtls;
using static IntercomAgent.Tests.Bench.Handshakes.LibCrypto;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>The parts of OpenSSL's handshake, each alone, by the functions of libcrypto that its libssl uses.</summary>
internal sealed unsafe class OpenSslOperations : IDisposable
{
    private const int LongestSignature = 72;
    private const int HashLength = 32;
    private const int KeyLength = 16;
    private const int TagLength = 16;

    private readonly NamedGroup _group;
    private readonly Credentials _credentials;
    private readonly nint _ownShare;
    private readonly byte[] _peerShare;
    private readonly nint _ownKey;
    private readonly nint _peerKey;
    private readonly byte[] _signature;
    private readonly byte[] _secret = new byte[HandshakeParts.MasterSecretLength];
    private readonly nint _prf;

    public OpenSslOperations(NamedGroup group, Credentials credentials)
    {
        _group = group;
        _credentials = credentials;
        _ownShare = GenerateKey();
        nint peer = GenerateKey();
        _peerShare = PublicKey(peer);
        EVP_PKEY_free(peer);
        _ownKey = ReadPrivateKey();
        _peerKey = ReadPublicKey();
        _signature = CreateSignature();
        _prf = EVP_KDF_fetch(0, "TLS1-PRF", null);
    }

    public void Dispose()
    {
        EVP_PKEY_free(_ownShare);
        EVP_PKEY_free(_ownKey);
        EVP_PKEY_free(_peerKey);
    }

    public void MakeKeyShare()
    {
        nint key = GenerateKey();
        _ = PublicKey(key);
        EVP_PKEY_free(key);
    }

    public void Agree()
    {
        nint peer = EVP_PKEY_new();
        Check(EVP_PKEY_copy_parameters(peer, _ownShare));
        fixed (byte* encoded = _peerShare)
        {
            Check(EVP_PKEY_set1_encoded_public_key(peer, encoded, (nuint)_peerShare.Length));
        }

        nint context = EVP_PKEY_CTX_new(_ownShare, 0);
        Check(EVP_PKEY_derive_init(context));
        Check(EVP_PKEY_derive_set_peer(context, peer));
        byte* secret = stackalloc byte[HashLength];
        nuint length = HashLength;
        Check(EVP_PKEY_derive(context, secret, &length));
        EVP_PKEY_CTX_free(context);
        EVP_PKEY_free(peer);
    }

    public void Sign() => _ = CreateSignature();

    public void Verify()
    {
        nint context = EVP_MD_CTX_new();
        Check(EVP_DigestVerifyInit(context, null, EVP_sha256(), 0, _peerKey));
        fixed (byte* signature = _signature, data = HandshakeParts.SignedParameters)
        {
            Check(EVP_DigestVerify(context, signature, (nuint)_signature.Length, data, (nuint)HandshakeParts.SignedParameters.Length));
        }

        EVP_MD_CTX_free(context);
    }

    public void ReadCertificate() => EVP_PKEY_free(ReadPublicKey());

    public void DeriveKeys()
    {
        byte* hash = stackalloc byte[HashLength];
        for (int count = 0; count < HandshakeParts.TranscriptHashes; count++)
        {
            fixed (byte* transcript = HandshakeParts.Transcript)
            {
                Check(EVP_Digest(transcript, (nuint)HandshakeParts.Transcript.Length, hash, null, EVP_sha256(), 0));
            }
        }

        Expand(HandshakeParts.MasterSecretLength);
        foreach (int length in HandshakeParts.ExpansionsOfMasterSecret)
        {
            Expand(length);
        }
    }

    public void ProtectRecords()
    {
        byte* sealedText = stackalloc byte[HandshakeParts.Finished.Length];
        byte* opened = stackalloc byte[HandshakeParts.Finished.Length];
        byte* tag = stackalloc byte[TagLength];
        fixed (byte* finished = HandshakeParts.Finished)
        {
            Protect(finished, sealedText, tag, isEncryption: true);
        }

        Protect(sealedText, opened, tag, isEncryption: false);
    }

    private void Protect(byte* input, byte* output, byte* tag, bool isEncryption)
    {
        byte* additionalData = stackalloc byte[RecordHeader.Length];
        nint context = EVP_CIPHER_CTX_new();
        int length;
        fixed (byte* key = _secret)
        {
            Check(EVP_CipherInit_ex(context, EVP_aes_128_gcm(), 0, key, key + KeyLength, isEncryption ? 1 : 0));
        }

        Check(EVP_CipherUpdate(context, null, &length, additionalData, RecordHeader.Length));
        Check(EVP_CipherUpdate(context, output, &length, input, HandshakeParts.Finished.Length));
        if (isEncryption)
        {
            Check(EVP_CipherFinal_ex(context, output + length, &length));
            Check(EVP_CIPHER_CTX_ctrl(context, GetAeadTag, TagLength, tag));
        }
        else
        {
            Check(EVP_CIPHER_CTX_ctrl(context, SetAeadTag, TagLength, tag));
            Check(EVP_CipherFinal_ex(context, output + length, &length));
        }

        EVP_CIPHER_CTX_free(context);
    }

    private void Expand(int length)
    {
        byte* output = stackalloc byte[HandshakeParts.LongestExpansion];
        fixed (byte* secret = _secret, digestKey = "digest\0"u8, digest = "SHA256\0"u8, secretKey = "secret\0"u8, seedKey = "seed\0"u8)
        {
            Parameter* parameters = stackalloc Parameter[]
            {
                new Parameter { Key = digestKey, Type = Parameter.Utf8String, Data = digest, Size = 6 },
                new Parameter { Key = secretKey, Type = Parameter.OctetString, Data = secret, Size = HandshakeParts.MasterSecretLength },
                new Parameter { Key = seedKey, Type = Parameter.OctetString, Data = secret, Size = 15 + HashLength },
                default(Parameter),
            };
            nint context = EVP_KDF_CTX_new(_prf);
            Check(EVP_KDF_derive(context, output, (nuint)length, parameters));
            EVP_KDF_CTX_free(context);
        }
    }

    private nint GenerateKey()
    {
        nint context = EVP_PKEY_CTX_new_id(_group == NamedGroup.X25519 ? X25519 : EllipticCurveKey, 0);
        Check(EVP_PKEY_keygen_init(context));
        if (_group != NamedGroup.X25519)
        {
            Check(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, P256));
        }

        nint key = 0;
        Check(EVP_PKEY_keygen(context, &key));
        EVP_PKEY_CTX_free(context);
        return key;
    }

    private static byte[] PublicKey(nint key)
    {
        byte* encoded;
        nuint length = EVP_PKEY_get1_encoded_public_key(key, &encoded);
        byte[] copy = new Span<byte>(encoded, (int)length).ToArray();
        CRYPTO_free(encoded, null, 0);
        return copy;
    }

    private nint ReadPrivateKey()
    {
        fixed (byte* der = _credentials.Pkcs8)
        {
            byte* position = der;
            return d2i_AutoPrivateKey(null, &position, _credentials.Pkcs8.Length);
        }
    }

    private nint ReadPublicKey()
    {
        fixed (byte* der = _credentials.Certificate)
        {
            byte* position = der;
            nint certificate = d2i_X509(null, &position, _credentials.Certificate.Length);
            byte* hash = stackalloc byte[HashLength];
            Check(X509_digest(certificate, EVP_sha256(), hash, null));
            nint key = X509_get_pubkey(certificate);
            X509_free(certificate);
            return key;
        }
    }

    private byte[] CreateSignature()
    {
        byte* signature = stackalloc byte[LongestSignature];
        nuint length = LongestSignature;
        nint context = EVP_MD_CTX_new();
        Check(EVP_DigestSignInit(context, null, EVP_sha256(), 0, _ownKey));
        fixed (byte* data = HandshakeParts.SignedParameters)
        {
            Check(EVP_DigestSign(context, signature, &length, data, (nuint)HandshakeParts.SignedParameters.Length));
        }

        EVP_MD_CTX_free(context);
        return new Span<byte>(signature, (int)length).ToArray();
    }
}
