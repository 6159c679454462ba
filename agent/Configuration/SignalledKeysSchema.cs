using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Station;

namespace IntercomAgent.Configuration;

/// <summary>What <c>sdes</c> of <c>[media]</c> needs elsewhere in the file: signalling that nobody reads on its way.</summary>
internal static class SignalledKeysSchema
{
    /// <summary>Tells when no call could ever have its keys in the signalling.</summary>
    /// <param name="media">The section with the key.</param>
    /// <param name="rule">What it says.</param>
    /// <param name="sip">How signalling goes.</param>
    /// <param name="station">Whom the buttons ring.</param>
    public static void Check(ConfigurationSection media, SignalledKeysRule rule, SipConfiguration sip, StationSettings station)
    {
        const string nobody = "and without certificate_file in [sip.tls] nobody can connect";
        bool isCalled = sip.Tls?.Certificate is not null;
        if (rule != SignalledKeysRule.Off && sip.Tls is null)
        {
            media.Report("sdes", "keys in the signalling need TLS, and there is no [sip.tls] that says whom to trust");
        }
        else if (rule == SignalledKeysRule.OverTls && !isCalled && !GoesOverTls(sip, station))
        {
            media.Report("sdes", $"given, but neither an account nor a target goes over TLS, {nobody}");
        }
        else if (rule == SignalledKeysRule.OverSips && !isCalled && !Targets(station).Any(static target => SipAddress.IsSips(target.Uri)))
        {
            media.Report("sdes", $"given, but no target is a sips: address, {nobody}");
        }
    }

    /// <summary>Whether something does; of a name only the name system can say that it does not.</summary>
    private static bool GoesOverTls(SipConfiguration sip, StationSettings station) =>
        sip.Accounts.Any(static account => MayBeTls(account.OutboundProxy ?? account.Registrar))
        || Targets(station).Any(static target => SipAddress.WantsTls(target.Uri) || SipAddress.IsNamed(target.Uri));

    private static bool MayBeTls(ServerAddress server) =>
        server.Transport == ServerTransport.Tls || (server.IsName && server.Transport == ServerTransport.Any);

    private static IEnumerable<RingTarget> Targets(StationSettings station) =>
        station.Buttons.SelectMany(static button => button.Targets);
}
