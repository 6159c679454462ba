using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>Which calls may have the keys of their media in signalling (RFC 4568), asked anew before each description.</summary>
internal sealed partial class Switchboard
{
    private Call? OpenOutgoing(SipHop next, CallTerms terms, out string? problem)
    {
        KeyTravel travel = TravelOf(SipPrivacies.Of(next, terms.Target), Settings.KeysNeed);
        if (terms.Description.Offers == MediaKeying.Signalling && travel != KeyTravel.Allowed)
        {
            problem = "others would read its keys: signalling does not go over TLS as media.sdes wants it";
            return null;
        }

        Call? call = OpenCall(next.Endpoint, CallState.Calling, terms.Description, out problem);
        call?.Description.KeyTravel = travel;
        call?.MayOfferKeys = terms.Description.Offers == MediaKeying.Dtls && travel == KeyTravel.Allowed;
        return call;
    }

    /// <summary>Looks once more whether the descriptions that come and go next may have keys in them: the call's way may have changed.</summary>
    private void Weigh(Call call) => call.Description.KeyTravel = TravelOf(_sip.Privacy(call.Name), call.KeysNeed);

    /// <summary>Whether there can be an offer. One with keys has to wait for ever where others would read them.</summary>
    private bool MayOffer(Call call)
    {
        Weigh(call);
        return !call.Description.OffersKeys || call.Description.KeyTravel == KeyTravel.Allowed;
    }

    private static KeyTravel TravelOf(SipPrivacy privacy, SipPrivacy need) =>
        need == SipPrivacy.None ? KeyTravel.NotAllowed : privacy >= need ? KeyTravel.Allowed : KeyTravel.Exposed;

    /// <summary>What a call that is placed asks for.</summary>
    /// <param name="Target">The URI that is called.</param>
    /// <param name="Description">What is offered and accepted.</param>
    private sealed record CallTerms(string Target, SdpSettings Description);
}
