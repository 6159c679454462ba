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

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_button_rings_a_telephone_that_hangs_up(bool isRsa)
    {
        using BaresipPeer house = Telephone(isRsa);
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [$"{house.Address};transport=tls"],
            Speech = Conversation.AtDoor,

            // The telephone opens a connection of its own to hang up.
            Tls = _files.Section(_files.Issue("door"), PeerProcess.FindFreeUdpPort()),
        });

        // Its provisional response brings the answer already: the call may be secured before it is answered.
        agent.Press();
        Conversation.Begin(agent, house, "SRTP_AEAD_AES_128_GCM");
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Assert.Contains("call 1: answered", agent.Log, StringComparison.Ordinal);
        Conversation.BothHeard(agent, house);
    }

    [Fact]
    public void A_telephone_calls_and_the_button_hangs_up()
    {
        int port = PeerProcess.FindFreeUdpPort();
        using BaresipPeer house = Telephone(isRsa: false);
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [$"{house.Address};transport=tls"],
            Speech = Conversation.AtDoor,
            Tls = _files.Section(_files.Issue("door"), port),
        });

        house.Dial(string.Create(CultureInfo.InvariantCulture, $"sip:door@127.0.0.1:{port};transport=tls"));
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        Conversation.Begin(agent, house, "SRTP_AES128_CM_HMAC_SHA1_80");
        agent.Press();
        _ = agent.WaitFor("hung up: the button was pressed");
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
        Conversation.BothHeard(agent, house);
    }

    [Fact]
    public void A_telephone_that_nobody_vouches_for_is_not_called()
    {
        using CertificateFiles others = CertificateFiles.Create();
        using BaresipPeer house = Telephone(isRsa: false);
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
        Assert.SkipUnless(KamailioProxy.SpeaksTls, "kamailio has no module for TLS");
        using KamailioProxy proxy = KamailioProxy.StartWithTls("SHA-256", _files.Issue("proxy"));
        AgentOptions usual = new() { RegistrarPort = proxy.TlsPort, RegistrarTransport = "tls", Tls = _files.Section() };
        AgentOptions Of(string user) => haveCertificates
            ? usual with { User = user, Tls = _files.Section(_files.Issue(user), PeerProcess.FindFreeUdpPort()) }
            : usual with { User = user };
        using AgentProgram house = AgentProgram.Start(Of("house") with { Speech = Conversation.Indoors });
        string target = string.Create(CultureInfo.InvariantCulture, $"sip:house@127.0.0.1:{proxy.TlsPort};transport=tls");
        using AgentProgram door = AgentProgram.Start(Of("door") with { Targets = [target], Speech = Conversation.AtDoor });
        _ = house.WaitFor("<6>registered");
        _ = door.WaitFor("<6>registered");

        door.Press();
        _ = house.WaitFor("secured with");
        _ = door.WaitFor("secured with");
        System.Threading.Thread.Sleep(Limits.Talk);
        door.Press();
        _ = house.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
        Conversation.Heard(Conversation.AtDoor, Conversation.InCall(house.Heard()), "the house", house.Log);
        Conversation.Heard(Conversation.Indoors, Conversation.InCall(door.Heard()), "the door", door.Log);
    }

    private BaresipPeer Telephone(bool isRsa)
    {
        Assert.SkipUnless(BaresipPeer.IsInstalled, "baresip is not installed");
        return BaresipPeer.Start(new BaresipOptions
        {
            User = "house",
            Speech = Conversation.Indoors,
            Transport = "tls",
            TlsCertificate = _files.Issue("house", isRsa),
            TlsAuthorities = _files.Authority,
        });
    }
}
