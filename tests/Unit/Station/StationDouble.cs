using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Station;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>A station with a clock that is moved by hand; its outputs come as short lines.</summary>
internal sealed class StationDouble(StationSettings settings)
{
    /// <summary>The code that opens the door of <see cref="Settings"/>.</summary>
    public const string Code = "2580";

    public DoorStation Station { get; } = new(settings);

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(1000);

    public Instant WakeAt { get; private set; }

    public static StationSettings Settings(RingOrder order = RingOrder.InOrder, int targets = 3) => new()
    {
        Buttons = [new RingPlan(order, [.. Enumerable.Range(0, targets).Select(index => Target((char)('a' + index)))])],
        RingLimit = TimeSpan.FromSeconds(50),
        CallLimit = TimeSpan.FromSeconds(100),
        Codes = new CodeSettings { Codes = [new DoorCode("family", new Secret(Code)), new DoorCode("post", new Secret("91919"))] },
    };

    public string[] Press(int button = 0) => After(() => Station.ButtonPressed(button, Now));

    public string[] Ringing(int call) => After(() => Station.CallRinging(new StationCall(call), Now));

    public string[] Answered(int call, bool isOpen = false) => After(() => Station.CallAnswered(new StationCall(call), Now, isOpen));

    public string[] Over(int call, CallOutcome outcome = CallOutcome.HungUp, string? movedTo = null) =>
        After(() => Station.CallEnded(new StationCall(call), outcome, Now, movedTo?.Split(' ')));

    public string[] TransferAsked(int call, string target) => After(() => Station.TransferAsked(new StationCall(call), target, Now));

    public string[] Incoming(string from = "sip:house@192.0.2.7", string source = "192.0.2.7") => Incoming(new Caller(from, source));

    public string[] Incoming(Caller caller) => After(() => _ = Station.IncomingCall(caller, Now));

    public string[] Secured(int call) => After(() => Station.Secured(new StationCall(call)));

    public string[] Dial(int call, string digits) => After(() =>
    {
        foreach (char digit in digits)
        {
            Station.Digit(new StationCall(call), digit, Now);
        }
    });

    public string[] Hook(bool lifted) => After(() => Station.HookMoved(lifted, Now));

    public string[] Keys(string keys) => After(() =>
    {
        foreach (char key in keys)
        {
            Station.KeyPressed(key, Now);
        }
    });

    public string[] End() => After(() => Station.End(Now));

    /// <summary>Lets time pass, waking the station whenever it asked for it.</summary>
    public string[] Wait(double seconds)
    {
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        List<string> lines = [];
        while (WakeAt <= end)
        {
            Now = WakeAt > Now ? WakeAt : Now;
            lines.AddRange(After(() => Station.Advance(Now)));
        }

        Now = end;
        return [.. lines];
    }

    /// <summary>Lets time pass without waking the station: the loop was late.</summary>
    public void Oversleep(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    /// <summary>A station whose first call is up and secured.</summary>
    public static StationDouble InSecuredCall(StationSettings settings)
    {
        StationDouble world = new(settings);
        _ = world.Press();
        _ = world.Secured(1);
        _ = world.Answered(1);
        return world;
    }

    private static RingTarget Target(char name) => new($"sip:{name}@192.0.2.1", TimeSpan.FromSeconds(20));

    private string[] After(Action input)
    {
        input();
        List<string> lines = [];
        for (StationOutput output = Station.Poll(); ; output = Station.Poll())
        {
            if (output.Kind == StationOutputKind.Idle)
            {
                WakeAt = output.WakeAt;
                return [.. lines];
            }

            lines.Add(Line(output));
        }
    }

    private static string HowOffered(CallOffer offer) => offer switch
    {
        CallOffer.Handshake => "",
        CallOffer.SignalledKeys => " with keys",
        CallOffer.Plain => " in the clear",
    };

    private static string Line(in StationOutput output) => output.Kind switch
    {
        StationOutputKind.PlaceCall =>
            $"place {output.Call.Number} {output.Text}{HowOffered(output.Offer)}"
            + (output.Other == default ? "" : $" for {output.Other.Number}"),
        StationOutputKind.RingCall => $"ring {output.Call.Number}",
        StationOutputKind.AnswerCall => $"answer {output.Call.Number}{(output.WithTone ? " with tone" : "")}",
        StationOutputKind.RejectCall => $"reject {output.Call.Number} {output.Reason}",
        StationOutputKind.CancelCall => $"cancel {output.Call.Number} {output.Reason}",
        StationOutputKind.HangUp => $"hang up {output.Call.Number} {output.Reason}",
        StationOutputKind.ReportTransfer =>
            $"transfer of {output.Call.Number} {output.Transfer}{(output.Transfer == TransferProgress.Failed ? $" {output.Outcome}" : "")}",
        StationOutputKind.OpenStrike => "open",
        StationOutputKind.CloseStrike => "close",
        StationOutputKind.Note => $"{output.Fact} {output.Text}".TrimEnd(),
        StationOutputKind.Idle => throw new InvalidOperationException("Idle is no line."),
    };
}
