using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Tests.Fuzz.Targets;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>All there is to be fuzzed.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new SipMessageTarget(),
        new SipStreamTarget(),
        new SipEndpointTarget(),
        new SdpTarget(),
        new DnsTarget(),
        new MediaTarget(),
        new RtcpTarget(),
        new SrtpTarget(),
        new DtlsTarget(DtlsRole.Server),
        new DtlsTarget(DtlsRole.Client),
        new TlsTarget(TlsRole.Server),
        new TlsTarget(TlsRole.Client),
        new CertificateTarget(),
    ];
}
