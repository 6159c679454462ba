using System;
using System.Globalization;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Baresip;
using IntercomAgent.Tests.Interop.Kamailio;
using Xunit;

namespace IntercomAgent.Tests.Interop.Tls;

/// <summary>Calls whose signalling goes over TLS, with certificates of an authority that openssl plays.</summary>
public sealed class TlsCallTests : IDisposable
{
    private readonly CertificateFiles _files = CertificateFiles.Create();
    private readonly int _port = FreePorts.Next();

    public void Dispose() => _files.Dispose();

    private string DoorAddress => string.Create(CultureInfo.InvariantCulture, $"sip:door@127.0.0.1:{_port};transport=tls");

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_button_rings_a_telephone_that_hangs_up(bool isRsa, bool hasCertificate)
    {
        using BaresipPeer house = Telephone(isRsa: isRsa);

        // Where it can connect to the door, the telephone opens a connection of its own to hang up; else it uses the door's.
        using AgentProgram agent = hasCertificate ? Door(house) : AgentProgram.Start(
            new AgentOptions { Targets = [$"{house.Address};transport=tls"], Speech = Conversation.AtDoor, Tls = _files.Section() });

        // Its provisional response brings the answer already: the call may be secured before it is answered.
        agent.Press();
        Conversation.UntilTheTelephoneHangsUp(agent, house, "SRTP_AEAD_AES_128_GCM");
        Assert.Contains("call 1: answered", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_telephone_calls_and_the_button_hangs_up()
    {
        using BaresipPeer house = Telephone();
        using AgentProgram agent = Door(house);

        house.Dial(DoorAddress);
        Conversation.UntilTheButtonHangsUp(agent, house, "SRTP_AES128_CM_HMAC_SHA1_80");
    }

    [Fact]
    public void A_telephone_that_knows_no_DTLS_is_called_once_more_with_keys_in_the_signalling()
    {
        using BaresipPeer house = Telephone("srtp-mand");
        using AgentProgram agent = Door(house, sdes: "tls");

        agent.Press();
        _ = agent.WaitFor("takes no DTLS-SRTP; it is called again with keys in the signalling");
        Conversation.UntilTheTelephoneHangsUp(agent, house, "SRTP_AEAD_AES_128_GCM, by keys from the signalling");
    }

    [Fact]
    public void Such_a_telephone_calls_and_the_button_hangs_up()
    {
        using BaresipPeer house = Telephone("srtp-mand");
        using AgentProgram agent = Door(house, sdes: "tls");

        house.Dial(DoorAddress);
        Conversation.UntilTheButtonHangsUp(agent, house, ", by keys from the signalling");
    }

    [Fact]
    public void Such_a_telephone_holds_and_resumes_and_its_code_counts_under_the_same_keys()
    {
        using BaresipPeer house = Telephone("srtp-mand");
        using AgentProgram agent = Door(house, sdes: "tls");

        house.Dial(DoorAddress);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        _ = agent.WaitFor("by keys from the signalling");
        house.Hold();
        System.Threading.Thread.Sleep(Limits.Talk / 4);
        house.Resume();
        System.Threading.Thread.Sleep(Limits.Talk);
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Assert.Equal(2, agent.Log.Split("by keys from the signalling").Length);
    }

    [Theory]
    [InlineData("off", "which media.sdes does not allow")]
    [InlineData("sips", "which does not go over TLS as media.sdes wants it")]
    public void Such_a_telephone_is_turned_away_where_its_keys_are_not_allowed(string sdes, string why)
    {
        using BaresipPeer house = Telephone("srtp-mand");
        using AgentProgram agent = Door(house, sdes);

        house.Dial(DoorAddress);
        _ = agent.WaitFor(why);
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public void Nobody_gets_in_with_keys_that_everybody_on_the_way_reads(string transport)
    {
        Assert.SkipUnless(BaresipPeer.IsInstalled, "baresip is not installed");
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions
        {
            User = "house",
            Speech = Conversation.Indoors,
            Transport = transport,
            MediaEncryption = "srtp-mand",
        });
        using AgentProgram agent = Door(house, sdes: "tls");

        house.Dial($"{agent.Address};transport={transport}");
        _ = agent.WaitFor("which does not go over TLS as media.sdes wants it");
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_telephone_that_nobody_vouches_for_is_not_called()
    {
        using CertificateFiles others = CertificateFiles.Create();
        using BaresipPeer house = Telephone();
        using AgentProgram agent = AgentProgram.Start(
            new AgentOptions { Targets = [$"{house.Address};transport=tls"], Tls = others.Section() });

        agent.Press();
        _ = agent.WaitFor("nobody whom we trust vouches for its certificate");

        Assert.Equal(0, agent.End());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_agents_call_each_other_through_a_kamailio_that_is_registrar_and_proxy(bool haveCertificates)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTls("SHA-256", _files.Issue("proxy"));
        AgentOptions Of(string user) => AtProxy(proxy) with
        {
            User = user,
            Tls = haveCertificates ? _files.Section(_files.Issue(user), FreePorts.Next()) : _files.Section(),
        };
        using AgentProgram house = AgentProgram.Start(Of("house") with { Speech = Conversation.Indoors });
        using AgentProgram door = AgentProgram.Start(
            Of("door") with { Targets = [proxy.Address("house", "tls")], Speech = Conversation.AtDoor });

        Conversation.OfTwoWhoAreRegistered(door, house);
    }

    [Theory]
    [InlineData(true, "dtls_srtp", "SRTP_AEAD_AES_128_GCM")]
    [InlineData(false, "dtls_srtp", "SRTP_AES128_CM_HMAC_SHA1_80")]
    [InlineData(true, "srtp-mand", ", by keys from the signalling")]
    [InlineData(false, "srtp-mand", ", by keys from the signalling")]
    public void The_door_and_a_telephone_call_each_other_through_a_kamailio(bool fromDoor, string encryption, string profile)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTls("MD5", _files.Issue("proxy"));
        using BaresipPeer house = Telephone(encryption, registrarPort: proxy.TlsPort);
        using AgentProgram door = AgentProgram.Start(AtProxy(proxy) with
        {
            Targets = [proxy.Address("house", "tls")],
            Speech = Conversation.AtDoor,
            Tls = _files.Section(),
            Sdes = encryption == "dtls_srtp" ? "off" : "tls",
        });
        _ = door.WaitFor("<6>registered");

        if (fromDoor)
        {
            door.Press();
        }
        else
        {
            house.Dial(proxy.Address("door", "tls"));
        }

        Conversation.UntilTheTelephoneHangsUp(door, house, profile);
    }

    private static AgentOptions AtProxy(KamailioProxy proxy) => new() { RegistrarPort = proxy.TlsPort, RegistrarTransport = "tls" };

    private AgentProgram Door(BaresipPeer house, string sdes = "off") => AgentProgram.Start(new AgentOptions
    {
        Targets = [$"{house.Address};transport=tls"],
        Speech = Conversation.AtDoor,
        Sdes = sdes,
        Tls = _files.Section(_files.Issue("door"), _port),
    });

    private BaresipPeer Telephone(string encryption = "dtls_srtp", bool isRsa = false, int registrarPort = 0)
    {
        Assert.SkipUnless(BaresipPeer.IsInstalled, "baresip is not installed");
        return BaresipPeer.Start(new BaresipOptions
        {
            User = "house",
            Speech = Conversation.Indoors,
            Transport = "tls",
            MediaEncryption = encryption,
            RegistrarPort = registrarPort,
            TlsCertificate = _files.Issue("house", isRsa),
            TlsAuthorities = _files.Authority,
        });
    }
}
