using System;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Who gets in, who opens the microphone, and how far a call goes without encryption: with whole agents.</summary>
public sealed class CallerTests
{
    [Theory]
    [InlineData("127.0.0.1", "SIP/2.0 200")]
    [InlineData("plain@127.0.0.1", "SIP/2.0 200")]
    [InlineData("house@127.0.0.1", "SIP/2.0 603")]
    [InlineData("127.0.0.2", "SIP/2.0 603")]
    public void A_caller_is_known_by_where_its_call_comes_from(string pattern, string answer)
    {
        using House house = new(seed: 41);
        _ = house.Add(Indoor(byHand: false, pattern), media => media with { AllowPlain = true });

        Assert.Equal(answer, PlainCaller.Invite(house, port: 5060));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_caller_who_says_no_more_keeps_no_visitor_from_ringing(bool whileItAlerts)
    {
        using House house = new(seed: 47);
        IncomingPolicy everybody = new() { Answers = true, Callers = [new CallerPattern("*")], AnswerAfter = TimeSpan.FromSeconds(30) };
        Resident door = house.Add(
            House.Door(RingOrder.InOrder, 5061) with { Incoming = whileItAlerts ? everybody : everybody with { AnswerAfter = TimeSpan.Zero } },
            media => media with { AllowPlain = true });
        Resident indoor = house.Add(House.Indoor());
        Assert.Equal(whileItAlerts ? "" : "SIP/2.0 200", PlainCaller.Invite(house, port: 5060));
        Assert.Equal(whileItAlerts ? StationState.Alerting : StationState.Talking, door.Host.State);

        door.Panel.Press(0, house.Machine.Now);

        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 10 && door.Ear.LoudPeriods > 10, 5));
    }

    [Fact]
    public void A_forged_name_lets_nobody_in()
    {
        using House house = new(seed: 42);
        _ = house.Add(Indoor(byHand: false, "house@127.0.0.2", "example.org"), media => media with { AllowPlain = true });

        Assert.Equal("SIP/2.0 603", PlainCaller.Invite(house, port: 5060, "sip:house@127.0.0.2"));
    }

    [Fact]
    public void Nor_does_an_identity_that_the_caller_asserts_itself()
    {
        using House house = new(seed: 43);
        _ = house.Add(Indoor(byHand: false, "house@example.org"), media => media with { AllowPlain = true });
        const string asserted = "P-Asserted-Identity: <sip:house@example.org>\r\n";

        Assert.Equal("SIP/2.0 603", PlainCaller.Invite(house, port: 5060, "sip:house@example.org", asserted));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("*", false)]
    public void A_microphone_opens_without_a_hand_for_who_is_known_and_with_a_tone(string pattern, bool opens)
    {
        using House house = new(seed: 44);
        Resident indoor = house.Add(Indoor(byHand: true, pattern), media => media with { AllowPlain = true });
        house.Run(1);
        Assert.Equal(0, indoor.Ear.LoudPeriods);

        string answer = PlainCaller.Invite(house, port: 5060, more: "Call-Info: <sip:door>;answer-after=0\r\n");
        house.Run(1);

        Assert.Equal(opens ? "SIP/2.0 200" : "", answer);
        Assert.Equal(opens ? StationState.Talking : StationState.Alerting, indoor.Host.State);
        Assert.InRange(indoor.Ear.LoudPeriods, opens ? 12 : 0, opens ? 16 : 0);
    }

    [Theory]
    [InlineData(CallSecurity.Secure, "UDP/TLS/RTP/SAVP")]
    [InlineData(CallSecurity.PreferSecure, "UDP/TLS/RTP/SAVP RTP/AVP")]
    [InlineData(CallSecurity.AllowPlain, "RTP/AVP")]
    public void A_telephone_without_encryption_is_called_as_its_button_says(object security, string offered)
    {
        using House house = new(seed: 45);
        using PlainPhone phone = new(house);
        RingTarget target = new($"sip:phone@127.0.0.1:{PlainPhone.Port}", TimeSpan.FromSeconds(20), (CallSecurity)security);
        StationSettings station = new() { Buttons = [new RingPlan(RingOrder.InOrder, [target])] };
        Resident door = house.Add(station, media => media with { AllowPlain = true });

        door.Panel.Press(0, house.Machine.Now);
        _ = house.RunUntil(
            () =>
            {
                phone.Serve();
                return phone.IsUp;
            },
            seconds: 5);

        bool isUp = (CallSecurity)security != CallSecurity.Secure;
        Assert.Equal(offered.Split(' '), phone.Offered);
        Assert.Equal(isUp, phone.IsUp);
        Assert.Equal(isUp ? StationState.Talking : StationState.Quiet, door.Host.State);
    }

    [Fact]
    public void A_telephone_with_encryption_keeps_it_where_it_may_choose()
    {
        using House house = new(seed: 46);
        RingTarget target = new("sip:in@127.0.0.1:5061", TimeSpan.FromSeconds(20), CallSecurity.AllowPlain);
        Resident door = house.Add(
            new StationSettings { Buttons = [new RingPlan(RingOrder.InOrder, [target])] }, media => media with { AllowPlain = true });
        Resident indoor = house.Add(House.Indoor());

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 20 && indoor.Ear.LoudPeriods > 20, 5));
        Assert.NotEmpty(door.Calls.CurrentCall!.Security.CipherSuite);
        Assert.Equal(0, house.End());
    }

    private static StationSettings Indoor(bool byHand, params string[] callers) => new()
    {
        Incoming = new IncomingPolicy
        {
            Answers = true,
            ByHand = byHand,
            Callers = [.. Array.ConvertAll(callers, text => new CallerPattern(text))],
            HasTone = byHand,
        },
    };
}
