using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Threading;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Tests.Unit.Hal;
using Xunit;

namespace IntercomAgent.Tests.Unit.Gpio;

/// <summary><c>GpioController</c> on our loop, over a kernel in memory.</summary>
public sealed class LoopGpioDriverTests : IDisposable
{
    private readonly GpioDouble _kernel = new();
    private readonly EventLoop _loop = new();
    private readonly LineDouble[] _lines;
    private readonly LoopGpioDriver _driver;
    private readonly GpioController _controller;
    private readonly List<(int Pin, PinEventTypes Type)> _told = [];

    public LoopGpioDriverTests()
    {
        _lines = _kernel.Add("board", "A", "B").Lines;
        _driver = LoopGpioDriver.Open(_kernel, _loop, "board", new Readiness(ServiceClass.Panel, 1), out _)!;
        _controller = new GpioController(_driver);
    }

    public void Dispose()
    {
        _controller.Dispose();
        _driver.Dispose();
        _loop.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void Callbacks_come_in_the_loops_turn_and_only_for_what_they_asked()
    {
        _ = _controller.OpenPin(0, PinMode.InputPullUp);
        _controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Falling, Tell);
        _lines[0].Move(true, at: 1);
        _lines[0].Move(false, at: 2);
        Assert.Equal(1, _loop.Wait(long.MaxValue, new Readiness[2]));
        Assert.Empty(_told);

        _driver.Deliver();

        Assert.Equal([(0, PinEventTypes.Falling)], _told);
        _controller.UnregisterCallbackForPinValueChangedEvent(0, Tell);
        _lines[0].Move(true, at: 3);
        _lines[0].Move(false, at: 4);
        _driver.Deliver();
        _ = Assert.Single(_told);
    }

    [Fact]
    public void A_callback_may_close_its_own_pin_and_open_another()
    {
        _ = _controller.OpenPin(0, PinMode.Input);
        _controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising, (_, _) =>
        {
            _controller.ClosePin(0);
            _ = _controller.OpenPin(1, PinMode.Output, PinValue.High);
        });
        _lines[0].Move(true, at: 1);
        _lines[0].Move(false, at: 2);

        _driver.Deliver();

        Assert.False(_lines[0].IsTaken);
        Assert.Equal([true], _lines[1].Driven);
    }

    [Fact]
    public void Pins_are_read_and_written()
    {
        GpioPin output = _controller.OpenPin(1, PinMode.Output, PinValue.High);
        output.Write(PinValue.Low);
        _ = _controller.OpenPin(0, PinMode.Input);
        _lines[0].IsActive = true;

        Assert.Equal([true, false], _lines[1].Driven);
        Assert.Equal(PinValue.High, _controller.Read(0));
        Assert.Equal((PinMode.Input, PinMode.Output), (_controller.GetPinMode(0), _controller.GetPinMode(1)));
        Assert.Equal(2, _controller.PinCount);
    }

    [Fact]
    public void Waiting_is_refused_with_a_reason()
    {
        _ = _controller.OpenPin(0, PinMode.Input);

        Assert.Contains("callbacks the loop calls", Assert.Throws<NotSupportedException>(
            () => _controller.WaitForEvent(0, PinEventTypes.Rising, CancellationToken.None)).Message);
        Assert.Contains("callbacks the loop calls", Assert.Throws<NotSupportedException>(
            () => { _ = _controller.WaitForEventAsync(0, PinEventTypes.Rising, CancellationToken.None).AsTask(); }).Message);
    }

    [Fact]
    public void A_process_with_a_controller_has_no_thread_more()
    {
        using ChildProgram child = ChildProgram.Start(throughDotnet: false, "controller");

        string[] threads = child.ReadLine()!.Split(' ');

        Assert.Equal(0, child.WaitForExit());
        Assert.Equal("100", threads[3]);
        Assert.Equal(threads[0], threads[1]);
        Assert.Equal(threads[0], threads[2]);
    }

    private void Tell(object sender, PinValueChangedEventArgs happened) => _told.Add((happened.PinNumber, happened.ChangeType));
}
