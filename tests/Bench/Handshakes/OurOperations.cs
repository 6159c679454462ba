using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>The parts of our handshake, each alone.</summary>
internal sealed class OurOperations
{
    private readonly NamedGroup _group;
    private readonly SystemRandom _random = new();
    private readonly Credentials _credentials;
    private readonly byte[] _peerShare;
    private readonly PeerPublicKey _peerKey;
    private readonly byte[] _signature;
    private readonly byte[] _secret = new byte[HandshakeParts.MasterSecretLength];
    private readonly byte[] _hello = new byte[32];
    private readonly byte[] _expanded = new byte[HandshakeParts.LongestExpansion];
    private readonly byte[] _record = new byte[128];
    private readonly Queue<KeyShare> _shares = new();

    public OurOperations(NamedGroup group, Credentials credentials)
    {
        _group = group;
        _credentials = credentials;
        _peerShare = KeyShare.Generate(group, _random).PublicKey;
        _peerKey = PeerPublicKey.TryRead(credentials.Certificate)!;
        _signature = BeginSigning().Finish();
    }

    public void MakeKeyShare() => _shares.Enqueue(KeyShare.Generate(_group, _random));

    /// <summary>Uses a key share up: one must have been made for it.</summary>
    public void Agree() => _ = _shares.Dequeue().Agree(_peerShare);

    public void Sign() => _ = BeginSigning().Finish();

    public void Verify()
    {
        if (!_peerKey.Verify(SignatureScheme.EcdsaSecp256r1Sha256, HandshakeParts.SignedParameters, _signature))
        {
            throw new InvalidOperationException("a signature of ours is not right");
        }
    }

    public void ReadCertificate()
    {
        _ = CertificateFingerprint.Compute(_credentials.Certificate);
        _ = PeerPublicKey.TryRead(_credentials.Certificate);
    }

    public void DeriveKeys()
    {
        for (int hash = 0; hash < HandshakeParts.TranscriptHashes; hash++)
        {
            _ = MessageDigest.Compute(DigestAlgorithm.Sha256, HandshakeParts.Transcript, _expanded);
        }

        using PseudorandomFunction ofPremasterSecret = new(DigestAlgorithm.Sha256, _secret);
        Expand(ofPremasterSecret, HandshakeParts.MasterSecretLength);
        using PseudorandomFunction ofMasterSecret = new(DigestAlgorithm.Sha256, _secret);
        foreach (int length in HandshakeParts.ExpansionsOfMasterSecret)
        {
            Expand(ofMasterSecret, length);
        }
    }

    public void ProtectRecords()
    {
        DtlsCipherSuite suite = DtlsCipherSuite.EcdheEcdsaAes128GcmSha256;
        using AeadRecordProtection sender = new(suite, _secret.AsSpan(0, suite.KeyLength), _hello.AsSpan(0, suite.FixedIvLength));
        using AeadRecordProtection receiver = new(suite, _secret.AsSpan(0, suite.KeyLength), _hello.AsSpan(0, suite.FixedIvLength));
        RecordHeader header = HandshakeParts.FinishedRecord;
        WireWriter writer = new(_record);
        sender.Seal(header, HandshakeParts.Finished, ref writer);
        if (!receiver.TryOpen(header, _record.AsSpan(0, writer.Length), out _))
        {
            throw new InvalidOperationException("a record of ours does not open");
        }
    }

    private Signing BeginSigning() =>
        _credentials.Identity.BeginSigning(SignatureScheme.EcdsaSecp256r1Sha256, HandshakeParts.SignedParameters, _random);

    private void Expand(PseudorandomFunction function, int length) =>
        function.Expand("client finished"u8, _hello, [], _expanded.AsSpan(0, length));
}
