using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>What all calls of a station have in common.</summary>
/// <param name="Description">What is offered and accepted.</param>
/// <param name="Media">How media are secured and watched.</param>
/// <param name="HasAccount">Whether a registrar knows us, so that all of signalling goes one way.</param>
/// <param name="KeysNeed">
/// How private signalling must be to carry the keys of media; <see cref="SipPrivacy.None"/> when it may not in any case.
/// </param>
/// <param name="AllowsTransfer">Whether the peer of a call may transfer it, or have another take its place.</param>
internal sealed record SwitchboardSettings(
    SdpSettings Description, MediaSettings Media, bool HasAccount, SipPrivacy KeysNeed = SipPrivacy.None, bool AllowsTransfer = false);
