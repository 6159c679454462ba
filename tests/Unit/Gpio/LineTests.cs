using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Gpio;

/// <summary>Chips, addresses and single lines, over a kernel in memory.</summary>
public sealed class LineTests : IDisposable
{
    private static readonly Readiness Port = new(ServiceClass.Panel, 9);

    private readonly GpioDouble _kernel = new();
    private readonly EventLoop _loop = new();
    private readonly Readiness[] _ready = new Readiness[4];

    public void Dispose()
    {
        _loop.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void Chips_tell_their_lines_and_who_uses_them()
    {
        ChipDouble board = _kernel.Add("pinctrl-bcm2711", "ID_SDA", "GPIO17");
        board.Lines[0].User = "i2c";

        IReadOnlyList<GpioChip> chips = GpioChip.OpenAll(_kernel, out IReadOnlyList<string> problems);

        Assert.Empty(problems);
        GpioChip chip = Assert.Single(chips);
        Assert.Equal(("gpiochip0", "pinctrl-bcm2711", 2), (chip.Name, chip.Label, chip.LineCount));
        Assert.Equal(new GpioLine(0, "ID_SDA", "i2c", IsUsed: true, IsOutput: false, IsActiveLow: false), chip.FindLine(0));
        Assert.Equal(new GpioLine(1, "GPIO17", "", IsUsed: false, IsOutput: false, IsActiveLow: false), chip.FindLine(1));
        Assert.Null(chip.FindLine(2));
    }

    [Theory]
    [InlineData("GPIO17", "gpiochip0:1")]
    [InlineData("gpiochip0:1", "gpiochip0:1")]
    [InlineData("pinctrl-bcm2711:1", "gpiochip0:1")]
    [InlineData("gpiochip1:0", "gpiochip1:0")]
    [InlineData("GPIO71", "no line is named GPIO71: there are ID_SDA, GPIO17, SAME, SAME, on gpiochip0 (pinctrl-bcm2711, lines 0 to 2), gpiochip1 (exp, lines 0 to 0)")]
    [InlineData("SAME", "2 lines are named SAME; write one of gpiochip0:2, gpiochip1:0")]
    [InlineData("gpiochip0:3", "gpiochip0 has the lines 0 to 2, not 3")]
    [InlineData("gpiochip9:0", "no chip is named gpiochip9: there are gpiochip0 (pinctrl-bcm2711, lines 0 to 2), gpiochip1 (exp, lines 0 to 0)")]
    public void An_address_finds_its_line_or_says_what_there_is(string text, string expected)
    {
        _kernel.Add("pinctrl-bcm2711", "ID_SDA", "GPIO17", "SAME");
        _kernel.Add("exp", "SAME");

        Assert.Equal(expected, Find(text));
    }

    [Fact]
    public void Two_chips_with_the_same_label_are_told_apart_by_their_names()
    {
        _kernel.Add("mcp23017", "", "");
        _kernel.Add("mcp23017", "", "");

        Assert.Equal("2 chips are labelled mcp23017; write one of gpiochip0:1, gpiochip1:1", Find("mcp23017:1"));
        Assert.Equal(
            "no line is named GPIO17: the lines here have no names; write chip and offset, as in gpiochip0:0; there are "
            + "gpiochip0 (mcp23017, lines 0 to 1), gpiochip1 (mcp23017, lines 0 to 1)",
            Find("GPIO17"));
    }

    [Fact]
    public void A_machine_without_a_chip_or_without_the_right_to_open_it_says_so()
    {
        Assert.Equal("there is no line GPIO17: this machine has no GPIO chip", Find("GPIO17"));

        _kernel.Add("pinctrl", "GPIO17");
        _kernel.Refusal = Errno.EACCES;
        Assert.Equal("there is no line GPIO17: cannot open /dev/gpiochip0: permission denied", Find("GPIO17"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" GPIO17")]
    [InlineData("gpiochip0:")]
    [InlineData(":17")]
    [InlineData("gpiochip0:-1")]
    [InlineData("gpiochip0:1a")]
    [InlineData("gpiochip0:99999999999")]
    public void What_is_no_address_is_refused(string text) => Assert.False(LineAddress.TryParse(text, out _));

    [Fact]
    public void An_input_is_wired_as_it_was_asked_for()
    {
        LineDouble line = _kernel.Add("chip", "IN").Lines[0];
        using LineRequest request = Take(new LineSettings
        {
            ActiveLow = true,
            Bias = LineBias.PullUp,
            Debounce = TimeSpan.FromMilliseconds(30),
            Edges = LineEdges.Both,
        });

        Assert.Equal(
            GpioLineFlags.GPIO_V2_LINE_FLAG_INPUT | GpioLineFlags.GPIO_V2_LINE_FLAG_ACTIVE_LOW
            | GpioLineFlags.GPIO_V2_LINE_FLAG_BIAS_PULL_UP | GpioLineFlags.GPIO_V2_LINE_FLAG_EDGE_RISING
            | GpioLineFlags.GPIO_V2_LINE_FLAG_EDGE_FALLING,
            line.Flags);
        Assert.Equal(30_000ul, line.DebounceMicroseconds);
    }

    [Fact]
    public void An_output_has_its_first_level_from_the_moment_that_it_is_taken()
    {
        LineDouble line = _kernel.Add("chip", "OUT").Lines[0];
        LineRequest request = Take(new LineSettings { IsOutput = true, Drive = LineDrive.OpenDrain, InitiallyActive = true });
        Assert.Equal(GpioLineFlags.GPIO_V2_LINE_FLAG_OUTPUT | GpioLineFlags.GPIO_V2_LINE_FLAG_OPEN_DRAIN, line.Flags);

        Assert.Equal(Errno.None, request.SetValue(false));
        Assert.Equal([true, false], line.Driven);
        request.Dispose();
        request.Dispose();

        Assert.False(line.IsTaken);
    }

    [Fact]
    public void Edges_come_in_their_order_with_the_kernels_time()
    {
        LineDouble line = _kernel.Add("chip", "IN").Lines[0];
        using LineRequest request = Take(new LineSettings { Edges = LineEdges.Both });
        Assert.Equal(0, _loop.Wait(0, _ready));
        line.Move(true, at: 1000);
        line.Move(false, at: 2000);

        Assert.Equal(1, _loop.Wait(long.MaxValue, _ready));

        Assert.Equal(Port, _ready[0]);
        Assert.Equal([new LineEdge(true, 1000), new LineEdge(false, 2000)], ReadAll(request));
        Assert.Equal(0, request.LostEdges);
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void After_lost_edges_the_level_is_read_anew()
    {
        LineDouble line = _kernel.Add("chip", "IN").Lines[0];
        using LineRequest request = Take(new LineSettings { Edges = LineEdges.Both });
        line.Move(true, at: 1000);
        line.Move(false, at: 2000, isLost: true);
        line.Move(true, at: 3000, isLost: true);
        line.Move(false, at: 4000);

        Assert.Equal([new LineEdge(true, 1000), new LineEdge(false, 4000), new LineEdge(false, _loop.Now)], ReadAll(request));
        Assert.Equal(2, request.LostEdges);
        Assert.Empty(ReadAll(request));
    }

    [Fact]
    public void A_chip_that_is_pulled_out_ends_its_lines_and_the_loop_does_not_spin()
    {
        LineDouble line = _kernel.Add("chip", "IN").Lines[0];
        using LineRequest request = Take(new LineSettings { Edges = LineEdges.Both });
        line.PullOut();
        Assert.Equal(1, _loop.Wait(0, _ready));

        Assert.Empty(ReadAll(request));

        Assert.Equal(Errno.ENODEV, request.Failure);
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void A_line_that_somebody_else_has_says_who()
    {
        _kernel.Add("chip", "IN").Lines[0].User = "spi0 CS0";
        GpioChip chip = GpioChip.OpenAll(_kernel, out _)[0];

        Assert.Null(LineRequest.Open(_kernel, _loop, chip, 0, new LineSettings(), Port, out string? problem));

        Assert.Equal("cannot take line gpiochip0:0: device or resource busy, used by \"spi0 CS0\"", problem);
    }

    private static List<LineEdge> ReadAll(LineRequest request)
    {
        List<LineEdge> edges = [];
        while (request.TryReadEdge(out LineEdge edge))
        {
            edges.Add(edge);
        }

        return edges;
    }

    private string Find(string text)
    {
        Assert.True(LineAddress.TryParse(text, out LineAddress? address));
        using LineFinder finder = LineFinder.Open(_kernel);
        return finder.Find(address, out string? problem) is { } found ? $"{found.Chip.Name}:{found.Offset}" : problem!;
    }

    private LineRequest Take(LineSettings settings)
    {
        GpioChip chip = GpioChip.OpenAll(_kernel, out _)[^1];
        LineRequest? request = LineRequest.Open(_kernel, _loop, chip, 0, settings, Port, out string? problem);
        Assert.Null(problem);
        return request!;
    }
}
