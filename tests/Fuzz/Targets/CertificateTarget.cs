using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>The certificate that a peer shows, and a signature that claims to be by its key.</summary>
internal sealed class CertificateTarget : IFuzzTarget
{
    private static readonly SignatureScheme[] Schemes = [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPssRsaeSha256];

    public string Name => "certificate";

    public bool IsText => false;

    public long AllocationLimit => 16 << 20;

    public IEnumerable<FuzzInput> Seeds() =>
    [
        Seed(DtlsIdentity.Create(new SeededRandom(60), 1_700_000_000)),
        Seed(DtlsIdentity.Create(new SeededRandom(61), 1_700_000_000, CertificateKind.Rsa2048)),
    ];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        byte[] proof = input.Datagrams.Count > 1 ? input.Datagrams[1] : [];
        foreach (byte[] certificate in input.Datagrams.Take(1))
        {
            PeerPublicKey? key = PeerPublicKey.TryRead(certificate);
            signature.Add(key is null ? 0 : key.IsEcdsa ? 1 : 2);
            foreach (SignatureScheme scheme in Schemes)
            {
                signature.Add(key?.Verify(scheme, "signed"u8, proof) == true ? 1 : 0);
            }
        }

        return signature.Value;
    }

    private static FuzzInput Seed(DtlsIdentity identity) => new([identity.Certificate.ToArray(), new byte[70]]);
}
