using System;
using System.IO;
using System.Linq;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A station with an account at a registrar.</summary>
public sealed class RegistrationTests
{
    private static readonly NetworkEndpoint Station = NetworkEndpoint.FromIPv4(0x7F000001, 5060);
    internal static readonly NetworkEndpoint Registrar = Station.WithPort(7000);

    [Fact]
    public void Each_change_of_the_registration_is_one_line_of_the_log()
    {
        using House house = new(seed: 30);
        StringWriter log = new();
        Wiretap sip = new(house);
        _ = house.Add(House.Indoor(), accounts: [Account()], logger: new LineLogger(log, LogLevel.Information, isTerminal: false));

        // For a quarter of an hour the registrar refuses, then it grants, refreshes included, and refuses again.
        int refused = Serve(house, sip, "403 Forbidden", seconds: 900);
        int granted = Serve(house, sip, "200 OK", seconds: 900);
        _ = Serve(house, sip, "403 Forbidden", seconds: 900);

        Assert.True(refused > 3 && granted > 3, $"{refused} refused, {granted} granted");
        string[] lines = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("<4>not registered: 403 ", lines[0]);
        Assert.Equal("<6>registered", lines[1]);
        Assert.StartsWith("<4>not registered: 403 ", lines[2]);
    }

    [Fact]
    public void With_several_accounts_each_is_told_by_its_name_and_one_that_holds_is_enough()
    {
        using House house = new(seed: 32);
        StringWriter log = new();
        Wiretap sip = new(house);
        AccountConfiguration second = Account() with { Registrar = Registrar.WithPort(7001) };
        Resident door = house.Add(
            House.Indoor(), accounts: [Account(), second], logger: new LineLogger(log, LogLevel.Information, isTerminal: false));

        Answer(house, sip, Registrar, "403 Forbidden");
        Answer(house, sip, second.Registrar.Address, "200 OK");
        Assert.Equal("registered; no call", door.Host.Summary.Describe());

        Assert.Contains("<4>not registered with 127.0.0.1:7000: 403 ", log.ToString());
        Assert.Contains("<6>registered with 127.0.0.1:7001\n", log.ToString());
    }

    [Theory]
    [InlineData(20, "not registered: 503 nobody is there; no call")]
    [InlineData(0, "registered; no call")]
    public void A_registrar_that_dies_is_told_of_before_the_next_refresh_if_it_is_asked_meanwhile(int probe, string status)
    {
        using House house = new(seed: 33);
        Wiretap sip = new(house);
        AccountConfiguration account = Account() with { Expires = TimeSpan.FromHours(1), Probe = TimeSpan.FromSeconds(probe) };
        Resident door = house.Add(House.Indoor(), accounts: [account]);
        Answer(house, sip, Registrar, "200 OK");
        Assert.Equal("registered; no call", door.Host.Summary.Describe());

        // The OPTIONS, 4 s of silence, and 32 s in which a REGISTER would be given up.
        house.Run(20 + 4 + 33);

        Assert.Equal(status, door.Host.Summary.Describe());
    }

    [Fact]
    public void A_caller_who_is_turned_away_is_logged_with_the_reason()
    {
        using House house = new(seed: 31);
        StringWriter log = new();
        _ = house.Add(House.Indoor(), logger: new LineLogger(log, LogLevel.Information, isTerminal: false));

        Assert.Equal("SIP/2.0 488", PlainCaller.Invite(house, port: 5060));

        Assert.Contains("<4>sip:plain@127.0.0.1:6000 was turned away: ", log.ToString());
    }

    /// <summary>Answers every REGISTER for a time; returns how many there were.</summary>
    private static int Serve(House house, Wiretap sip, string status, double seconds)
    {
        int answered = sip.Find("REGISTER").Length;
        int before = answered;
        long end = house.Machine.Now + (long)(seconds * 1e9);
        while (house.RunUntil(() => sip.Find("REGISTER").Length > answered, (end - house.Machine.Now) / 1e9))
        {
            Answer(sip.Find("REGISTER")[answered++], sip, status);
        }

        return answered - before;
    }

    /// <summary>Answers the next REGISTER that goes to this registrar.</summary>
    private static void Answer(House house, Wiretap sip, NetworkEndpoint registrar, string status)
    {
        Assert.True(house.RunUntil(() => sip.Find("REGISTER").Any(message => message.To == registrar), 1));
        Answer(sip.Find("REGISTER").Last(message => message.To == registrar), sip, status);
        house.Run(0.1);
    }

    private static void Answer(SipLine register, Wiretap sip, string status)
    {
        string copied = string.Concat(new[] { "Via", "From", "To", "Call-ID", "CSeq", "Contact" }
            .Select(name => $"{name}: {register.Header(name)}\r\n"));
        string expires = $"Expires: {register.Header("Expires")}\r\n";
        sip.Forge($"SIP/2.0 {status}\r\n{copied}{expires}Content-Length: 0\r\n\r\n", register.To, Station);
    }

    internal static AccountConfiguration Account() => new()
    {
        Registrar = Registrar,
        User = "station",
        Password = new Secret("secret"),
        Expires = TimeSpan.FromSeconds(200),
        OutboundProxy = null,
    };
}
