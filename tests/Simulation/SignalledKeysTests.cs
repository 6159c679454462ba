using System;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// A whole agent and a telephone that knows no DTLS-SRTP: the keys of their calls are in the signalling (RFC 4568), where that is allowed,
/// and never where others could read them.
/// </summary>
public sealed class SignalledKeysTests
{
    private const int DoorTlsPort = 5071;
    private const string Target = "sip:phone@127.0.0.1:6101;transport=tls";

    [Theory]
    [InlineData(CallSecurity.Secure, SignalledKeysRule.OverTls, Target)]
    [InlineData(CallSecurity.PreferSecure, SignalledKeysRule.OverTls, Target)]
    [InlineData(CallSecurity.Secure, SignalledKeysRule.OverTls, "sips:phone@127.0.0.1:6101")]
    [InlineData(CallSecurity.Secure, SignalledKeysRule.OverSips, "sips:phone@127.0.0.1:6101")]
    public void The_button_rings_it_once_more_with_keys_and_both_are_heard(object security, object rule, string target)
    {
        using World world = new(seed: 61, (SignalledKeysRule)rule, target, (CallSecurity)security);
        Wiretap udp = new(world.House);

        world.Door.Panel.Press(0, world.House.Machine.Now);
        Assert.True(world.RunUntil(() => world.AreBothHeard(100), 8), world.Story);
        Assert.Equal(["UDP/TLS/RTP/SAVP", "RTP/SAVP"], world.Phone.Offered);
        Assert.Empty(udp.Messages);
        Assert.Equal("", world.Door.Calls.CurrentCall!.Security.CipherSuite);
        Assert.NotNull(world.Door.Calls.CurrentCall.Security.Profile);
        Assert.Equal(1, world.Log.Count("secured with SRTP_AES128_CM_HMAC_SHA1_80, by keys from the signalling"));
        Assert.Equal(0, world.Log.Count("inline"));
        world.End();
    }

    [Theory]
    [InlineData("sip:door@127.0.0.1:5071;transport=tls", SignalledKeysRule.OverTls)]
    [InlineData("sips:door@127.0.0.1:5071", SignalledKeysRule.OverSips)]
    public void It_calls_over_TLS_and_both_are_heard_through_a_hold_and_new_keys(string uri, object rule)
    {
        using World world = new(seed: 62, (SignalledKeysRule)rule);

        world.Phone.Dial(uri, SipTransport.Tls, DoorTlsPort);
        Assert.True(world.RunUntil(() => world.AreBothHeard(50), 8), world.Story);
        Assert.True(world.Door.Calls.TryHold(hold: true, world.House.Loop.Now));
        _ = world.RunUntil(() => false, 1);
        Assert.True(world.Door.Calls.TryHold(hold: false, world.House.Loop.Now));
        Assert.True(world.RunUntil(() => world.AreBothHeard(50), 8), world.Story);

        world.Phone.Reoffer(isPlain: false);
        _ = world.RunUntil(() => false, 1);
        Assert.Equal("Accepted", world.Phone.Outcome);
        Assert.True(world.RunUntil(() => world.AreBothHeard(100), 8), world.Story);
        Assert.Equal(2, world.Log.Count("by keys from the signalling"));
        world.End();
    }

    [Theory]
    [InlineData(SignalledKeysRule.Off, SipTransport.Tls, "which media.sdes does not allow")]
    [InlineData(SignalledKeysRule.OverTls, SipTransport.Udp, "which does not go over TLS as media.sdes wants it")]
    [InlineData(SignalledKeysRule.OverSips, SipTransport.Tls, "which does not go over TLS as media.sdes wants it")]
    [InlineData(SignalledKeysRule.OverSips, SipTransport.Udp, "which does not go over TLS as media.sdes wants it")]
    public void It_is_refused_where_others_read_the_keys_or_where_that_is_not_allowed(object rule, object transport, string why)
    {
        using World world = new(seed: 63, (SignalledKeysRule)rule);
        ushort port = (SipTransport)transport == SipTransport.Tls ? (ushort)DoorTlsPort : (ushort)5060;

        world.Phone.Dial($"sip:door@127.0.0.1:{port}", (SipTransport)transport, port);
        Assert.True(world.RunUntil(() => world.Phone.Outcome.Length > 0, 8), world.Story);
        Assert.Equal("Ended 488", world.Phone.Outcome);
        Assert.Equal(1, world.Log.Count(why));
        world.End();
    }

    [Theory]
    [InlineData(SignalledKeysRule.Off, CallSecurity.Secure, Target, "UDP/TLS/RTP/SAVP")]
    [InlineData(SignalledKeysRule.OverTls, CallSecurity.Secure, "sip:phone@127.0.0.1:6100", "UDP/TLS/RTP/SAVP")]
    [InlineData(SignalledKeysRule.OverSips, CallSecurity.Secure, Target, "UDP/TLS/RTP/SAVP")]
    [InlineData(SignalledKeysRule.OverTls, CallSecurity.PreferSecure, "sip:phone@127.0.0.1:6100", "UDP/TLS/RTP/SAVP RTP/AVP")]
    public void The_button_offers_no_keys_where_others_would_read_them(object rule, object security, string target, string offered)
    {
        using World world = new(seed: 64, (SignalledKeysRule)rule, target, (CallSecurity)security);

        world.Door.Panel.Press(0, world.House.Machine.Now);
        Assert.True(world.RunUntil(() => world.Door.Host.State == StationState.Quiet && world.Phone.Offered.Count > 0, 8), world.Story);
        Assert.Equal(offered.Split(' '), world.Phone.Offered);
        world.End();
    }

    [Fact]
    public void An_offer_to_go_on_without_encryption_is_refused_and_changes_nothing()
    {
        using World world = new(seed: 65, SignalledKeysRule.OverTls, security: CallSecurity.PreferSecure);
        world.Phone.Dial("sip:door@127.0.0.1:5071;transport=tls", SipTransport.Tls, DoorTlsPort);
        Assert.True(world.RunUntil(() => world.AreBothHeard(50), 8), world.Story);

        world.Phone.Reoffer(isPlain: true);
        _ = world.RunUntil(() => false, 1);
        Assert.Equal("ReofferFailed 488", world.Phone.Outcome);
        Assert.True(world.RunUntil(() => world.AreBothHeard(50), 8), world.Story);
        world.End();
    }

    /// <summary>A door, the telephone, and what both have heard.</summary>
    private sealed class World : IDisposable
    {
        private (int Door, int Phone) _heard;

        public World(int seed, SignalledKeysRule rule, string target = Target, CallSecurity security = CallSecurity.Secure)
        {
            House = new House(seed);
            DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(House.Machine), House.Machine.UnixTime / 1_000_000_000);
            StationSettings station = House.Indoor() with
            {
                Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget(target, TimeSpan.FromSeconds(20), security)])],
            };
            TlsConfiguration tls = new()
            {
                Authorities = null,
                Pinned = [identity.Fingerprint.ToString()],
                Certificate = identity.ToPem(),
                Key = new Secret(identity.ToPem()),
                ListenPort = DoorTlsPort,
                DemandClientCertificate = false,
            };
            Door = House.Add(
                station,
                media => media with { SignalledKeys = rule, AllowPlain = security == CallSecurity.PreferSecure, PeerGone = TimeSpan.FromSeconds(30) },
                logger: Log, tls: tls);
            Phone = new KeyedPhone(House, identity);
        }

        public House House { get; }

        public Resident Door { get; }

        public KeyedPhone Phone { get; }

        public LogLines Log { get; } = new();

        public string Story => $"door {Door.Host.State}, {Door.Calls.LastReason}, heard {Door.Ear.LoudPeriods}; telephone {Phone.Outcome}, "
            + $"offered {string.Join(' ', Phone.Offered)}, heard {Phone.LoudPeriods}";

        public bool RunUntil(Func<bool> holds, double seconds)
        {
            _heard = (Door.Ear.LoudPeriods, Phone.LoudPeriods);
            return House.RunUntil(
                () =>
                {
                    Phone.Serve();
                    return holds();
                },
                seconds);
        }

        /// <summary>Whether each has heard the other for so long, from the beginning of the run on.</summary>
        public bool AreBothHeard(int periods) =>
            Door.Ear.LoudPeriods > _heard.Door + periods && Phone.LoudPeriods > _heard.Phone + periods;

        public void End()
        {
            Door.Host.End(House.Loop.Now);
            _ = RunUntil(() => Door.Host.IsQuiet, 40);
            Phone.Dispose();
            Assert.Equal(0, House.End());
        }

        public void Dispose() => House.Dispose();
    }
}
