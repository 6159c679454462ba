using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Sdp;

/// <summary>
/// The pair of keys that offer and answer have agreed on (RFC 4568). Their session owns them: they are good for making senders and
/// receivers until it agrees on others, or ends.
/// </summary>
/// <param name="Local">Protects what we send.</param>
/// <param name="Remote">Opens what the peer sends.</param>
internal sealed record SignalledKeys(SrtpMasterKey Local, SrtpMasterKey Remote);

/// <summary>One <c>a=crypto</c> of ours.</summary>
/// <param name="Tag">What tells it from the other ones.</param>
/// <param name="Key">Protects what we send.</param>
internal sealed record LocalCrypto(int Tag, SrtpMasterKey Key);

/// <summary>Whether keys may travel in the descriptions of a call.</summary>
internal enum KeyTravel
{
    /// <summary>The configuration has them in no call.</summary>
    NotAllowed,

    /// <summary>They would be read on the way: signalling does not go over TLS, or not as far as the configuration asks for.</summary>
    Exposed,

    /// <summary>They may.</summary>
    Allowed,
}
