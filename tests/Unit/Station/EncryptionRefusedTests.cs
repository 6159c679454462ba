using System;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>What becomes of a ring when a target will have no encryption.</summary>
public sealed class EncryptionRefusedTests
{
    [Fact]
    public void A_target_that_prefers_encryption_is_called_again_without()
    {
        StationDouble world = new(Ringing(CallSecurity.PreferSecure));

        Assert.Equal(["place 1 sip:a@192.0.2.1"], world.Press());
        Assert.Equal(
            ["EncryptionRefused sip:a@192.0.2.1", "place 2 sip:a@192.0.2.1 in the clear"], world.Over(1, CallOutcome.NotAcceptable));
        Assert.Equal([], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void It_is_called_again_once_and_for_what_is_left_of_its_time()
    {
        StationDouble world = new(Ringing(CallSecurity.PreferSecure));
        _ = world.Press();
        _ = world.Wait(15);
        _ = world.Over(1, CallOutcome.NotAcceptable);

        Assert.Equal(["cancel 2 RingLimit", "place 3 sip:b@192.0.2.1"], world.Wait(5));
        Assert.Equal(
            ["EncryptionRefused sip:b@192.0.2.1", "place 4 sip:b@192.0.2.1 in the clear"], world.Over(3, CallOutcome.NotAcceptable));
        Assert.Equal(["NobodyReachable"], world.Over(4, CallOutcome.NotAcceptable));
    }

    [Theory]
    [InlineData(CallOutcome.Busy)]
    [InlineData(CallOutcome.Declined)]
    [InlineData(CallOutcome.Unreachable)]
    [InlineData(CallOutcome.Failed)]
    public void No_other_end_of_a_call_takes_its_encryption(object outcome)
    {
        StationDouble world = new(Ringing(CallSecurity.PreferSecure));
        _ = world.Press();

        Assert.Equal(["place 2 sip:b@192.0.2.1"], world.Over(1, (CallOutcome)outcome));
    }

    [Fact]
    public void A_secure_target_is_never_called_without()
    {
        StationDouble world = new(Ringing(CallSecurity.Secure));
        _ = world.Press();

        Assert.Equal(["place 2 sip:b@192.0.2.1"], world.Over(1, CallOutcome.NotAcceptable));
    }

    [Theory]
    [InlineData(CallSecurity.Secure)]
    [InlineData(CallSecurity.PreferSecure)]
    public void A_target_that_may_have_its_keys_by_signalling_is_called_again_with_them(object security)
    {
        StationDouble world = new(Ringing((CallSecurity)security));
        _ = world.Press();

        Assert.Equal(
            ["HandshakeRefused sip:a@192.0.2.1", "place 2 sip:a@192.0.2.1 with keys"], world.Over(1, CallOutcome.HandshakeNotAcceptable));
        Assert.Equal([], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void Without_encryption_comes_last()
    {
        StationDouble preferring = new(Ringing(CallSecurity.PreferSecure));
        StationDouble demanding = new(Ringing(CallSecurity.Secure));
        _ = preferring.Press();
        _ = demanding.Press();
        _ = preferring.Over(1, CallOutcome.HandshakeNotAcceptable);
        _ = demanding.Over(1, CallOutcome.HandshakeNotAcceptable);

        Assert.Equal(
            ["EncryptionRefused sip:a@192.0.2.1", "place 3 sip:a@192.0.2.1 in the clear"], preferring.Over(2, CallOutcome.NotAcceptable));
        Assert.Equal(["place 4 sip:b@192.0.2.1"], preferring.Over(3, CallOutcome.NotAcceptable));
        Assert.Equal(["place 3 sip:b@192.0.2.1"], demanding.Over(2, CallOutcome.NotAcceptable));
    }

    [Fact]
    public void A_target_that_may_choose_is_called_once()
    {
        StationDouble world = new(Ringing(CallSecurity.AllowPlain));

        Assert.Equal(["place 1 sip:a@192.0.2.1 in the clear"], world.Press());
        Assert.Equal(["place 2 sip:b@192.0.2.1 in the clear"], world.Over(1, CallOutcome.NotAcceptable));
    }

    private static StationSettings Ringing(CallSecurity security) => StationDouble.Settings() with
    {
        Buttons =
        [
            new RingPlan(
                RingOrder.InOrder,
                [
                    new RingTarget("sip:a@192.0.2.1", TimeSpan.FromSeconds(20), security),
                    new RingTarget("sip:b@192.0.2.1", TimeSpan.FromSeconds(20), security),
                ]),
        ],
    };
}
