using System;
using System.IO;
using IntercomAgent.Logging;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IntercomAgent.Tests.Unit.Logging;

public sealed class LineLoggerTests
{
    private static string Write(bool isTerminal, Action<ILogger> events, LogLevel least = LogLevel.Information)
    {
        using StringWriter output = new();
        events(new LineLogger(output, least, isTerminal) { UnixTime = 1_700_000_000_123_000_000 });
        return output.ToString();
    }

    private static void Log(ILogger logger, LogLevel level, string message, Exception? exception = null) =>
        logger.Log(level, default, message, exception, (state, _) => state);

    private static StationOutput Note(StationFact fact, string text = "") =>
        new(StationOutputKind.Note, new StationCall(7), text, Fact: fact);

    [Fact]
    public void Journald_is_told_the_priority()
    {
        Assert.Equal(
            "<6>strike opens\n<4>call 7: a wrong code was entered by sip:a@b\n<3>the button reached nobody: no target rang\n",
            Write(isTerminal: false, logger =>
            {
                StationLog.Tell(logger, new StationOutput(StationOutputKind.OpenStrike));
                StationLog.Tell(logger, Note(StationFact.CodeWrong, "sip:a@b"));
                StationLog.Tell(logger, Note(StationFact.NobodyReachable));
            }));
    }

    [Fact]
    public void A_person_is_told_time_and_level()
    {
        Assert.Equal(
            "22:13:20.123Z info    strike closes\n22:13:20.123Z warning a button was pressed that has no [[button]] in the configuration\n",
            Write(isTerminal: true, logger =>
            {
                StationLog.Tell(logger, new StationOutput(StationOutputKind.CloseStrike));
                StationLog.Tell(logger, Note(StationFact.ButtonUnknown));
            }));
    }

    [Theory]
    [InlineData(LogLevel.Debug, "<7>event\n")]
    [InlineData(LogLevel.Information, "<6>event\n")]
    [InlineData(LogLevel.Warning, "<4>event\n")]
    [InlineData(LogLevel.Error, "<3>event\n")]
    [InlineData(LogLevel.Critical, "<2>event\n")]
    public void Each_level_has_its_priority(LogLevel level, string line)
    {
        Assert.Equal(line, Write(isTerminal: false, logger => Log(logger, level, "event"), LogLevel.Debug));
    }

    [Fact]
    public void Less_serious_events_are_not_written()
    {
        Assert.Equal("", Write(isTerminal: false, logger => StationLog.Tell(logger, new StationOutput(StationOutputKind.OpenStrike)), LogLevel.Warning));
    }

    [Fact]
    public void A_peer_cannot_begin_a_line_of_its_own()
    {
        Assert.Equal(
            "<6>call 7: calling sip:a@b??<0>panic?[31m\n",
            Write(isTerminal: false, logger => StationLog.Tell(
                logger,
                new StationOutput(StationOutputKind.PlaceCall, new StationCall(7), "sip:a@b\r\n<0>panic\e[31m"))));
    }

    [Fact]
    public void An_exception_is_part_of_the_line()
    {
        Assert.Equal(
            "<2>it broke: InvalidOperationException: two?lines\n",
            Write(isTerminal: false, logger => Log(logger, LogLevel.Critical, "it broke", new InvalidOperationException("two\nlines"))));
    }

    /// <summary>Every output but Idle is an event, and every fact has its sentence.</summary>
    [Fact]
    public void Every_output_of_a_station_has_its_line()
    {
        foreach (StationOutputKind kind in Enum.GetValues<StationOutputKind>())
        {
            StationOutput output = kind == StationOutputKind.Note ? Note(StationFact.NobodyAnswered) : new StationOutput(kind);
            Assert.Equal(kind != StationOutputKind.Idle, Write(isTerminal: false, logger => StationLog.Tell(logger, output)).Length > 0);
        }

        foreach (StationFact fact in Enum.GetValues<StationFact>())
        {
            Assert.Equal(fact != StationFact.None, Write(isTerminal: false, logger => StationLog.Tell(logger, Note(fact))).Length > 0);
        }
    }
}
