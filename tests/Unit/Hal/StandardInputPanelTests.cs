using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>The panel on a pipe or a file that takes the place of standard input.</summary>
public sealed class StandardInputPanelTests : IDisposable
{
    private static readonly Readiness Port = new(ServiceClass.Panel, 5);

    private readonly EventLoop _loop = new();
    private readonly Readiness[] _ready = new Readiness[4];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_line_presses_a_button_and_lets_it_go()
    {
        using Pipe pipe = new();
        using StandardInputPanel panel = Open(pipe.Exit);
        Assert.Equal(0, _loop.Wait(0, _ready));
        pipe.Type("press\npress 2\n");

        Assert.True(_loop.Wait(long.MaxValue, _ready) > 0);

        Assert.Equal(Port, _ready[0]);
        Assert.Equal([(0, true), (0, false), (1, true), (1, false)], ReadAll(panel));
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void A_reader_that_takes_one_event_a_turn_is_told_of_the_next()
    {
        using Pipe pipe = new();
        using StandardInputPanel panel = Open(pipe.Exit);
        pipe.Type("press\npress 3\n");
        List<int> buttons = [];
        while (_loop.Wait(0, _ready) > 0)
        {
            Assert.True(panel.TryRead(out PanelEvent happened));
            buttons.Add(happened.Number);
        }

        Assert.Equal([0, 0, 2, 2], buttons);
    }

    [Fact]
    public void A_line_that_comes_in_pieces_counts_when_it_ends()
    {
        using Pipe pipe = new();
        using StandardInputPanel panel = Open(pipe.Exit);
        pipe.Type("pre");
        Assert.Empty(ReadAll(panel));
        pipe.Type("ss 4");
        Assert.Empty(ReadAll(panel));
        pipe.Type("\n");

        Assert.Equal([(3, true), (3, false)], ReadAll(panel));
    }

    [Fact]
    public void At_the_end_of_the_input_the_panel_falls_silent()
    {
        using Pipe pipe = new();
        using StandardInputPanel panel = Open(pipe.Exit);
        pipe.Type("press\npress 2");
        pipe.Entrance.Dispose();
        Assert.True(_loop.Wait(0, _ready) > 0);

        Assert.Equal([(0, true), (0, false), (1, true), (1, false)], ReadAll(panel));

        Assert.Equal(0, _loop.Wait(0, _ready));
        Assert.Empty(ReadAll(panel));
    }

    [Fact]
    public void A_regular_file_is_read_to_its_end_and_nothing_spins_after_it()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "press 7\nnothing\npress 8\n");
        using FileStream file = File.OpenRead(path);
        using StandardInputPanel panel = Open(new Descriptor((int)file.SafeFileHandle.DangerousGetHandle(), owned: false));

        Assert.Equal(1, _loop.Wait(long.MaxValue, _ready));
        Assert.Equal([(6, true), (6, false), (7, true), (7, false)], ReadAll(panel));

        Assert.Equal(0, _loop.Wait(0, _ready));
        File.Delete(path);
    }

    [Fact]
    public void Nothing_comes_from_dev_null()
    {
        using FileStream file = File.OpenRead("/dev/null");
        using StandardInputPanel panel = Open(new Descriptor((int)file.SafeFileHandle.DangerousGetHandle(), owned: false));
        Assert.Equal(1, _loop.Wait(long.MaxValue, _ready));

        Assert.Empty(ReadAll(panel));

        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_an_input_that_has_ended()
    {
        // Above any limit of open files, so that no other test opens it meanwhile.
        using StandardInputPanel panel = Open(new Descriptor(int.MaxValue, owned: false));

        Assert.Equal(0, _loop.Wait(0, _ready));
        Assert.Empty(ReadAll(panel));
    }

    [Fact]
    public void The_strike_is_remembered_and_let_go_at_the_end()
    {
        using Pipe pipe = new();
        StandardInputPanel panel = Open(pipe.Exit);
        panel.Set(PanelOutput.Strike, true);
        Assert.True(panel.StrikeOpen);

        panel.Dispose();
        panel.Dispose();

        Assert.False(panel.StrikeOpen);
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Theory]
    [InlineData("press", 0)]
    [InlineData("  press\t \r", 0)]
    [InlineData("press 1", 0)]
    [InlineData("press   16", 15)]
    [InlineData("press 99", 98)]
    [InlineData("press 0", null)]
    [InlineData("press -1", null)]
    [InlineData("press 100", null)]
    [InlineData("press 99999999999999999999", null)]
    [InlineData("press2", null)]
    [InlineData("press 2x", null)]
    [InlineData("press 2 3", null)]
    [InlineData("pressed", null)]
    [InlineData("PRESS", null)]
    [InlineData("", null)]
    [InlineData("                                                                             press", null)]
    public void Lines(string line, int? expected)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(line + "\n");

        bool pressed = new PressLines().TryTake(ref input, out int button);

        Assert.Equal(expected, pressed ? button : null);
    }

    [Fact]
    public void Noise_presses_only_buttons_that_may_exist()
    {
        const int Seed = 4711;
        Random random = new(Seed);
        PressLines lines = new();
        byte[] letters = [.. "pres 0123456789\n\r"u8, 0, 0xFF];
        for (int run = 0; run < 2000; run++)
        {
            byte[] noise = [.. Enumerable.Range(0, random.Next(100)).Select(_ => letters[random.Next(letters.Length)])];
            ReadOnlySpan<byte> input = (byte[])[.. noise, .. "\npress 2\n"u8];
            int last = -1;
            while (lines.TryTake(ref input, out int button))
            {
                Assert.True(button is >= 0 and < PressLines.MaximumButtons, $"seed {Seed}, run {run}: button {button}");
                last = button;
            }

            Assert.True(last == 1, $"seed {Seed}, run {run}: the line after the noise was lost");
        }
    }

    private static List<(int Button, bool Pressed)> ReadAll(StandardInputPanel panel)
    {
        List<(int, bool)> events = [];
        while (panel.TryRead(out PanelEvent happened))
        {
            events.Add((happened.Number, happened.IsActive));
        }

        return events;
    }

    private StandardInputPanel Open(Descriptor input)
    {
        StandardInputPanel? panel = StandardInputPanel.Open(_loop, input, Port, out string? problem);
        Assert.Null(problem);
        return Assert.IsType<StandardInputPanel>(panel);
    }
}
