using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using Xunit;

namespace IntercomAgent.Tests.Unit.Gpio;

public sealed class KeypadTests
{
    [Fact]
    public void A_key_counts_when_it_is_down_in_two_scans_and_once_a_press()
    {
        KeypadScan scan = new(4, 3);

        Assert.Null(Scan(scan, (1, 2)));
        Assert.Equal(5, Scan(scan, (1, 2)));
        Assert.Null(Scan(scan, (1, 2)));
        Assert.Null(Scan(scan));
        Assert.Null(Scan(scan, (1, 2)));
        Assert.Equal(5, Scan(scan, (1, 2)));
    }

    [Fact]
    public void A_bounce_between_two_keys_is_no_key()
    {
        KeypadScan scan = new(4, 3);

        Assert.Null(Scan(scan, (0, 0)));
        Assert.Null(Scan(scan, (0, 1)));
        Assert.Null(Scan(scan));
    }

    /// <summary>Three corners of a rectangle show the fourth as well; two keys already tell nothing certain.</summary>
    [Fact]
    public void Keys_that_are_down_together_count_as_none_until_all_are_let_go()
    {
        KeypadScan scan = new(4, 3);

        Assert.Null(Scan(scan, (0, 0), (0, 1), (1, 0), (1, 1)));
        Assert.Null(Scan(scan, (0, 0), (0, 1), (1, 0), (1, 1)));
        Assert.Null(Scan(scan, (1, 1)));
        Assert.Null(Scan(scan, (1, 1)));
        Assert.Null(Scan(scan));
        Assert.Null(Scan(scan, (1, 1)));
        Assert.Equal(4, Scan(scan, (1, 1)));
    }

    [Fact]
    public void A_pressed_key_comes_out_of_the_panel()
    {
        using GpioDouble kernel = new();
        using EventLoop loop = new();
        LineDouble[] lines = kernel.Add("board", "R0", "R1", "C0", "C1").Lines;
        lines[0].IsActive = true;
        lines[1].IsActive = true;
        lines[2].FloatsHigh = true;
        lines[3].FloatsHigh = true;
        GpioPanelSettings settings = new()
        {
            Keypad = new KeypadLines([Line("R0"), Line("R1")], [Line("C0"), Line("C1")], ["12", "3*"]),
        };
        using GpioPanel panel = GpioPanel.Open(kernel, loop, settings, new Readiness(ServiceClass.Panel, 0), out string? problem)!;
        Assert.Null(problem);

        // The key at row 1, column 1 joins its row to its column: the row is low whenever that column is.
        lines[1].LowWith = lines[3];
        lines[1].Move(false, at: 1);
        Readiness[] ready = new Readiness[4];
        PanelEvent happened = default;
        long latest = EventLoop.ReadClock() + 5_000_000_000;
        while (!panel.TryRead(out happened) && loop.Now < latest)
        {
            _ = loop.Wait(latest, ready);
        }

        Assert.Equal((PanelInput.Key, '*'), (happened.Input, (char)happened.Number));
    }

    private static int? Scan(KeypadScan scan, params (int Row, int Column)[] down)
    {
        HashSet<(int, int)> keys = [.. down];
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                scan.See(row, column, keys.Contains((row, column)));
            }
        }

        return scan.End(out int key) ? key : null;
    }

    private static LineAddress Line(string text) =>
        LineAddress.TryParse(text, out LineAddress? line) ? line : throw new InvalidOperationException(text);
}
