using System.Device.Gpio;
using System.IO;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Tests.Unit.Gpio;

namespace IntercomAgent.Tests.Child;

/// <summary>Counts threads around a <see cref="GpioController"/> on our loop.</summary>
internal static class ControllerThreads
{
    private const int Edges = 100;

    /// <summary>Tells the threads before, while callbacks are registered and called, and after, and how many callbacks were called.</summary>
    public static void Tell(StreamWriter output)
    {
        using GpioDouble kernel = new();
        using EventLoop loop = new();
        LineDouble line = kernel.Add("board", "A").Lines[0];
        Readiness[] ready = new Readiness[1];
        int called = 0;
        int before = ProcessFacts.Read().Threads;
        int during = 0;
        LoopGpioDriver driver = LoopGpioDriver.Open(kernel, loop, "board", new Readiness(ServiceClass.Panel, 1), out _)!;
        using (GpioController controller = new(driver))
        {
            for (int edge = 0; edge < Edges; edge++)
            {
                _ = controller.OpenPin(0, PinMode.InputPullUp);
                controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising, Count);
                line.Move(true, at: edge + 1);
                _ = loop.Wait(long.MaxValue, ready);
                driver.Deliver();
                during = ProcessFacts.Read().Threads;
                controller.UnregisterCallbackForPinValueChangedEvent(0, Count);
                controller.ClosePin(0);
                line.IsActive = false;
            }
        }

        output.WriteLine($"{before} {during} {ProcessFacts.Read().Threads} {called}");

        void Count(object sender, PinValueChangedEventArgs happened) => called++;
    }
}
