using System;
using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A call is changed while it is up. The numbers are those of <c>races.md</c>.</summary>
public sealed class RenewalRaceTests
{
    // Race 12: an offer with actpass keeps role and association, whoever makes it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_offer_that_leaves_the_role_open_keeps_the_association(bool callerIsClient)
    {
        using Duo duo = new(seed: 301, callerIsClient);
        duo.Press();
        duo.Talk();
        int handshake = duo.Handshake.Count();
        foreach (Resident who in new[] { duo.Door, duo.Indoor })
        {
            Assert.True(who.Calls.TryHold(hold: true, duo.House.Loop.Now));
            duo.House.Run(0.5);
            Assert.True(who.Calls.TryHold(hold: false, duo.House.Loop.Now));
            duo.House.Run(0.5);
            duo.Talk();
        }

        Assert.Equal(handshake, duo.Handshake.Count());
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 5, and race 12: held, resumed, secured anew under another tls-id, and under the former one again.
    [Fact]
    public void A_new_tls_id_makes_a_new_association_and_the_old_one_another()
    {
        using Duo duo = new(seed: 302);
        duo.Press();
        duo.Talk();
        duo.HoldAndResume();
        foreach (char mark in "xyx")
        {
            int handshake = duo.Handshake.Count();
            duo.RenewAssociation(mark);
            duo.HoldAndResume();
            duo.Talk();
            Assert.True(duo.Handshake.Count() >= handshake + 4);
        }

        duo.Rewrites = null;
        duo.HoldAndResume();
        duo.Talk();
        duo.HangUp(Side.Indoor);
        duo.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData((int)HandshakeFlight.ClientHello)]
    [InlineData((int)HandshakeFlight.ServerHello)]
    [InlineData((int)HandshakeFlight.ClientFinished)]
    [InlineData((int)HandshakeFlight.ServerFinished)]
    public void A_new_offer_asks_for_another_association_while_the_handshake_runs(int after)
    {
        using Duo duo = new(seed: 303);
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => (int)wired.Flight == after), 5));
        Assert.True(duo.House.RunUntil(() => duo.Indoor.Calls.CurrentCall is not null && duo.Wire.Any(wired => wired.Begins("ACK")), 1));
        duo.House.Run(0.0012);
        duo.RenewAssociation('x');
        duo.HoldAndResume();
        duo.Talk(seconds: 10);
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 14: the association is renewed when the sequence number is about to wrap.
    [Fact]
    public void Keys_change_close_to_the_wrap_of_the_sequence_number()
    {
        using Duo duo = new(seed: 304, callLimit: TimeSpan.FromHours(1));
        duo.Press();
        duo.Talk();
        NetworkEndpoint door = duo.MediaPorts()[0];
        Assert.True(duo.House.RunUntil(() => SequenceNumber(duo, door) is > 65_525, 1400));
        duo.RenewAssociation('x');
        duo.HoldAndResume();
        duo.Talk();
        Assert.True(duo.House.RunUntil(() => SequenceNumber(duo, door) is > 100 and < 10_000, 10));
        duo.Talk();
        Assert.InRange(duo.Door.Calls.CurrentCall!.Dropped["media NotAuthentic"], 0, 20);
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    private static int? SequenceNumber(Duo duo, NetworkEndpoint from)
    {
        byte[]? last = duo.Wire.Count == 0 ? null : duo.Media.LastOrDefault(wired => wired.From == from && wired.Bytes.Length > 150)?.Bytes;
        if (duo.Wire.Count > 1000)
        {
            duo.Wire.Clear();
        }

        return last is null ? null : (last[2] << 8) | last[3];
    }
}
