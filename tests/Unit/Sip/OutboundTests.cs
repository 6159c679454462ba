using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>
/// What a registrar may grant beside the registration: routes (RFC 3608), a URI that leads here from everywhere (RFC 5627), and that all
/// comes by the way of the registration (RFC 5626), which is then watched and replaced.
/// </summary>
public sealed class OutboundTests
{
    private const string Instance = "urn:uuid:f81d4fae-7dec-81d0-a765-00a0c91e6bf6";
    private const string Own = "<sip:door@192.0.2.1:5060>";
    private const string Challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256\r\n";
    private const string Granted = $"Contact: {Own};expires=600\r\n";
    private const string Outbound = $"{Granted}Require: outbound\r\n";
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0xC000020A, 5060);

    [Fact]
    public void A_REGISTER_says_which_device_it_is_from_and_what_it_knows()
    {
        World world = new(SipTransport.Udp);
        Assert.Equal($"{Own};+sip.instance=\"<{Instance}>\";reg-id=1", SipScript.Header(world.Last, "Contact"));
        Assert.Equal("path, outbound", SipScript.Header(world.Last, "Supported"));
        world.Respond(401, Challenge);
        Assert.Equal($"{Own};+sip.instance=\"<{Instance}>\";reg-id=1", SipScript.Header(world.Last, "Contact"));
    }

    [Fact]
    public void The_name_of_the_device_follows_from_what_is_its_own_and_is_a_UUID()
    {
        string name = SipInstance.Of("sha-256 4A:AD");
        Assert.Equal(name, SipInstance.Of("sha-256 4A:AD"));
        Assert.NotEqual(name, SipInstance.Of("sha-256 4A:AE"));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", name);
    }

    [Fact]
    public void Each_account_has_its_own_number()
    {
        SipScript second = null!;
        World world = new(SipTransport.Udp, pair => second = new SipScript(pair, Registrar.WithPort(5070)));
        Assert.EndsWith(";reg-id=1", SipScript.Header(world.Last, "Contact"));
        Assert.EndsWith(";reg-id=2", SipScript.Header(second.Received[0], "Contact"));
    }

    [Fact]
    public void Where_the_proxy_in_between_lacks_outbound_it_goes_without()
    {
        World world = new(SipTransport.Udp);
        world.Respond(439, "");
        Assert.Equal($"{Own};+sip.instance=\"<{Instance}>\"", SipScript.Header(world.Last, "Contact"));
        Assert.Equal("path", SipScript.Header(world.Last, "Supported"));
        world.Respond(439, "");
        Assert.Equal("RegistrationFailed 439 Because (192.0.2.10:5060)", world.Told);
    }

    [Fact]
    public void Calls_take_the_routes_that_the_registrar_gives_with_their_CANCEL_and_ACK()
    {
        const string first = "<sip:192.0.2.10:5080;lr>";
        SipScript edge = null!;
        World world = new(SipTransport.Udp, pair => edge = new SipScript(pair, Registrar.WithPort(5080)));
        world.Respond(200, $"{Granted}Service-Route: {first}, <sip:orig@core.example.org;lr>\r\n");

        SipCall call = world.Pair.Call("sip:house@example.org");
        Assert.Equal("INVITE sip:house@example.org SIP/2.0", edge.Received[^1].Split("\r\n")[0]);
        Assert.Equal([first, "<sip:orig@core.example.org;lr>"], Routes(edge.Received[^1]));
        edge.SendTo(world.Pair.Alice, SipScript.Response(edge.Received[^1], 180, "house"));
        world.Pair.Do(() => world.Door.End(call, SipEndCause.HungUp, world.Pair.Now));
        Assert.StartsWith("CANCEL", edge.Received[^1]);
        Assert.Equal(2, Routes(edge.Received[^1]).Length);

        _ = world.Pair.Call("sip:carol@192.0.2.9");
        Assert.Empty(Routes(world.Pair.Messages[^1]));
    }

    [Theory]
    [InlineData("<sip:192.0.2.10:5080>")]
    [InlineData("nonsense")]
    [InlineData("<sip:192.0.2.10:5080;lr>, <tel:123>")]
    public void Routes_that_are_none_are_not_followed(string route)
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, $"{Granted}Service-Route: {route}\r\n");
        _ = world.Pair.Call("sip:house@example.org");
        Assert.StartsWith("INVITE", world.Last);
        Assert.Empty(Routes(world.Last));
    }

    [Fact]
    public void Calls_name_the_URI_that_leads_here_from_everywhere()
    {
        const string gruu = "sip:door@example.org;gr=urn:uuid:f81d4fae-7dec-81d0-a765-00a0c91e6bf6";
        World world = new(SipTransport.Udp, usesGruu: true);
        Assert.Equal("path, outbound, gruu", SipScript.Header(world.Last, "Supported"));
        world.Respond(200, $"Contact: {Own};pub-gruu=\"{gruu}\";temp-gruu=\"sip:t@example.org;gr\";expires=600\r\n");
        _ = world.Pair.Call("sip:house@example.org");
        Assert.Equal($"<{gruu}>", SipScript.Header(world.Last, "Contact"));
        _ = world.Pair.Call("sip:carol@192.0.2.9");
        Assert.Equal(Own, SipScript.Header(world.Pair.Messages[^1], "Contact"));
    }

    [Theory]
    [InlineData("\"sip:x y\"", true)]
    [InlineData("\"tel:123\"", true)]
    [InlineData("", true)]
    [InlineData("\"sip:door@example.org;gr\"", false)]
    public void What_is_no_URI_or_was_not_asked_for_is_no_GRUU(string gruu, bool usesGruu)
    {
        World world = new(SipTransport.Udp, usesGruu: usesGruu);
        world.Respond(200, $"Contact: {Own};pub-gruu={gruu};expires=600\r\n");
        _ = world.Pair.Call("sip:house@example.org");
        Assert.Equal(Own, SipScript.Header(world.Last, "Contact"));
    }

    [Fact]
    public void Where_all_comes_by_the_way_of_the_registration_calls_ask_for_that()
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, Outbound);
        _ = world.Pair.Call("sip:house@example.org");
        Assert.Equal("<sip:door@192.0.2.1:5060;ob>", SipScript.Header(world.Last, "Contact"));
    }

    [Fact]
    public void Nothing_is_sent_in_between_to_who_does_not_say_that_it_knows_such_pings()
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, Granted);
        world.Pair.Wait(500);
        Assert.Single(world.Registrar.Received);
    }

    [Fact]
    public void The_way_is_kept_open_by_STUN_and_a_new_address_or_silence_is_answered_by_another_registration()
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, Outbound);
        world.AwaitStun();
        world.AnswerStun(0xCB007107, 40000);
        world.AwaitStun();
        world.AnswerStun(0xCB007107, 40000);
        Assert.Equal(1, world.Registers);

        // The translator has another port for us now.
        world.AwaitStun();
        world.AnswerStun(0xCB007107, 40001);
        world.Pair.Wait(0);
        Assert.Equal(2, world.Registers);
        world.Respond(200, Outbound);

        // Nobody answers: seven requests, and eight seconds after the last.
        world.AwaitStun();
        int sent = world.Stuns.Length;
        world.Pair.Wait(39.3);
        Assert.Equal((6, 2), (world.Stuns.Length - sent, world.Registers));
        world.Pair.Wait(0.3);
        Assert.Equal(3, world.Registers);
        Assert.Equal(["Registered (192.0.2.10:5060)"], world.Pair.Alice.Told);
    }

    [Fact]
    public void The_server_says_how_often()
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, $"{Outbound}Flow-Timer: 100\r\n");
        world.Pair.Wait(79);
        Assert.Empty(world.Stuns);
        world.Pair.Wait(21.1);
        Assert.NotEmpty(world.Stuns);
    }

    [Fact]
    public void STUN_that_nobody_asked_for_changes_nothing()
    {
        World world = new(SipTransport.Udp);
        world.Respond(200, Outbound);
        world.AnswerStun(0xCB007107, 40000, new byte[12]);
        world.Pair.Wait(29.1);
        world.AnswerStun(0xCB007107, 40000, new byte[12]);
        Assert.True(world.Stuns.Length > 0);
        Assert.Equal(1, world.Registers);
        Assert.Equal(0, world.Door.Dropped(SipDropReason.NotSip));
    }

    [Fact]
    public void A_connection_is_asked_within_the_time_that_the_server_names()
    {
        World world = new(SipTransport.Tcp);
        world.Respond(200, $"Contact: <sip:door@192.0.2.1:5060;transport=tcp>;expires=600\r\nRequire: outbound\r\nFlow-Timer: 30\r\n");
        world.Pair.Wait(24);
        Assert.DoesNotContain("Ping", world.Pair.Alice.Told);
        world.Pair.Wait(6.1);
        Assert.Equal("Ping", world.Told);
    }

    [Fact]
    public void A_connection_that_is_lost_is_replaced_at_once_but_not_without_end()
    {
        World world = new(SipTransport.Tcp);
        world.Respond(200, "Contact: <sip:door@192.0.2.1:5060;transport=tcp>;expires=600\r\n");
        world.Pair.Wait(60);
        world.Break();
        Assert.Equal(2, world.Registers);
        world.Respond(200, "Contact: <sip:door@192.0.2.1:5060;transport=tcp>;expires=600\r\n");

        // This one held for no time: that counts as a failure of ours.
        world.Pair.Wait(1);
        world.Break();
        Assert.Equal(2, world.Registers);
        world.Pair.Wait(29);
        Assert.Equal(2, world.Registers);
        world.Pair.Wait(31);
        Assert.Equal(3, world.Registers);
        Assert.Equal(["Registered (192.0.2.10:5060)"], world.Pair.Alice.Told);
    }

    [Fact]
    public void A_refresh_that_finds_the_connection_dead_is_sent_on_a_new_one_once()
    {
        World world = new(SipTransport.Tcp);
        world.Respond(200, "Contact: <sip:door@192.0.2.1:5060;transport=tcp>;expires=600\r\n");
        world.Pair.Wait(561);
        Assert.Equal(2, world.Registers);
        world.Break();
        Assert.Equal(3, world.Registers);
        Assert.Equal(["Registered (192.0.2.10:5060)"], world.Pair.Alice.Told);
        world.Break();
        Assert.Equal(3, world.Registers);
        Assert.StartsWith("RegistrationFailed 503", world.Told);
    }

    private static string[] Routes(string message) =>
        [.. message.Split("\r\n").Where(line => line.StartsWith("Route: ", StringComparison.Ordinal)).Select(line => line[7..])];

    /// <summary>A door that has just asked its registrar.</summary>
    private sealed class World
    {
        private readonly SipHop _server;

        public World(SipTransport transport, Action<SipPair>? more = null, bool usesGruu = false)
        {
            _server = new SipHop(transport, OutboundTests.Registrar);
            SipAccount account = new(_server, "door", new Secret("secret"), TimeSpan.FromMinutes(10)) { UsesGruu = usesGruu };
            SipAccount second = account with { Registrar = _server.WithPort(5070) };
            Pair = new SipPair(new SipSettings
            {
                DisplayName = "",
                User = "door",
                Instance = OutboundTests.Instance,
                SpeaksTcp = true,
                Accounts = more is null ? [account] : [account, second],
            });
            Registrar = new SipScript(Pair, OutboundTests.Registrar);
            more?.Invoke(Pair);
            Pair.Do(() => Door.Register(Pair.Now));
        }

        public SipPair Pair { get; }

        public SipScript Registrar { get; }

        public SipEndpoint Door => Pair.Alice.Endpoint;

        /// <summary>The last SIP message to the registrar.</summary>
        public string Last => Registrar.Received.FindLast(static message => message[0] > '\x01')!;

        public string Told => Pair.Alice.Told[^1];

        /// <summary>The REGISTER requests, those that were repeated once.</summary>
        public int Registers => Registrar.Received
            .Where(static message => message.StartsWith("REGISTER", StringComparison.Ordinal)).Distinct().Count();

        public string[] Stuns => [.. Registrar.Received.Where(static message => message[0] == '\0')];

        public void Respond(int status, string more)
        {
            string register = Registrar.Received.FindLast(static message => message.StartsWith("REGISTER", StringComparison.Ordinal))!;
            byte[] response = System.Text.Encoding.UTF8.GetBytes(SipScript.Response(register, status, "registrar", more));
            Pair.Do(() => Door.Receive(response, _server, Pair.Now));
        }

        /// <summary>The connection to the registrar ends.</summary>
        public void Break()
        {
            Pair.Do(() => Door.ReceiveUnreachable(_server, Pair.Now, "gone"));
            Pair.Wait(0);
        }

        /// <summary>Waits for the next one.</summary>
        public void AwaitStun()
        {
            int before = Stuns.Length;
            for (int waited = 0; waited < 300 && Stuns.Length == before; waited++)
            {
                Pair.Wait(0.1);
            }

            Assert.Equal(before + 1, Stuns.Length);
        }

        public void AnswerStun(uint address, ushort port, byte[]? id = null)
        {
            id ??= Pair.LastStun[8..20];
            uint hidden = address ^ 0x2112A442;
            byte[] response =
            [
                1, 1, 0, 12, 0x21, 0x12, 0xA4, 0x42, .. id, 0, 0x20, 0, 8, 0, 1, (byte)((port >> 8) ^ 0x21), (byte)(port ^ 0x12),
                (byte)(hidden >> 24), (byte)(hidden >> 16), (byte)(hidden >> 8), (byte)hidden,
            ];
            Pair.Do(() => Door.Receive(response, _server, Pair.Now));
        }
    }
}
