using System;
using System.Text;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;
using static IntercomAgent.Tests.Unit.Hal.ChildProgram;
using File = System.IO.File;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed unsafe class SignalTests
{
    private static readonly Readiness Port = new(ServiceClass.Signals, 1);

    /// <summary>raise(3) sends to this thread alone, so this thread's mask is enough here.</summary>
    [Fact]
    public void A_signal_makes_its_port_ready_and_is_read_once()
    {
        SignalSet signals = SignalMask.Signals;
        SignalSet former;
        Assert.Equal(Errno.None, Signals.ChangeMask(MaskChange.SIG_BLOCK, &signals, &former));
        try
        {
            using Machine machine = new();
            ISignalPort port = machine.OpenSignals(Port);
            _ = Assert.Throws<InvalidOperationException>(() => machine.OpenSignals(Port));
            Assert.Empty(MachineDouble.Look(machine));
            Assert.Equal(0, Raise(SignalNumber.SIGHUP));

            Assert.Equal([Port], MachineDouble.WaitForPorts(machine));

            Assert.True(port.TryRead(out Signal signal));
            Assert.Equal(Signal.HangUp, signal);
            Assert.False(port.TryRead(out _));
            Assert.Empty(MachineDouble.Look(machine));
            port.Dispose();
            port.Dispose();
            machine.OpenSignals(Port).Dispose();
        }
        finally
        {
            _ = Signals.ChangeMask(MaskChange.SIG_SETMASK, &former, null);
        }
    }

    [Fact]
    public void Signals_that_are_not_blocked_cannot_be_opened()
    {
        using Machine machine = new();

        _ = Assert.Throws<InvalidOperationException>(() => machine.OpenSignals(Port));
    }

    [Fact]
    public void Arguments_are_found_where_the_kernel_keeps_them()
    {
        Assert.Equal([0, 8, 9, 11], SignalMask.FindArguments(Encoding.UTF8.GetBytes("program\0\0-\0ü\0")));
        Assert.Empty(SignalMask.FindArguments([]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_that_inherits_its_mask_keeps_its_arguments_and_reads_every_signal(bool throughDotnet)
    {
        using ChildProgram child = Start(throughDotnet, "signals", "a b", "", "ü");

        Assert.Equal($"{child.Id} signals|a b||ü", child.ReadLine());
        Assert.Equal(throughDotnet ? "dotnet" : "IntercomAgent.T", File.ReadAllText($"/proc/{child.Id}/comm").TrimEnd());
        child.Send(SignalNumber.SIGHUP);
        Assert.Equal("HangUp", child.ReadLine());
        child.Send(SignalNumber.SIGINT);
        Assert.Equal("Interrupt", child.ReadLine());
        child.Send(SignalNumber.SIGTERM);
        Assert.Equal("Terminate", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_wait_that_a_stop_interrupts_goes_on()
    {
        using ChildProgram child = Start(throughDotnet: false, "signals");
        _ = child.ReadLine();

        // signal(7): a process that was stopped and goes on finds its epoll_wait ended by EINTR.
        child.StopAndContinue();

        child.Send(SignalNumber.SIGTERM);
        Assert.Equal("Terminate", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Theory]
    [InlineData("<&-")]
    [InlineData("</dev/null")]
    [InlineData("</etc/passwd")]
    public void A_standard_input_that_says_nothing_keeps_the_loop_asleep(string redirection)
    {
        using ChildProgram child = StartInShell($"exec '{Path}' panel {redirection}");

        Assert.InRange(int.Parse(child.ReadLine()!), 0, 1);
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Standard_input_presses_buttons()
    {
        using ChildProgram child = StartInShell($"echo press | '{Path}' panel");

        Assert.InRange(int.Parse(child.ReadLine()!), 1, 2);
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_mask_that_does_not_survive_is_told_and_not_tried_again()
    {
        // A shell that becomes the child keeps its process number: what the child looks like after it has started itself anew.
        using ChildProgram child = StartInShell($"INTERCOM_AGENT_SIGNALS_BLOCKED=$$ exec '{Path}' signals");

        Assert.Equal("cannot block signals: the program was started anew, and they are still not blocked", child.ReadLine());
        Assert.Equal(1, child.WaitForExit());
    }

    [Fact]
    public void No_port_starts_a_thread()
    {
        using ChildProgram child = Start(throughDotnet: false, "threads");

        string[] counts = [.. child.ReadLine()!.Split(' '), child.ReadLine()!];

        Assert.Equal(3, counts.Length);
        Assert.True(counts[0] == counts[1] && counts[0] == counts[2], $"threads before, while, after: {string.Join(", ", counts)}");
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void The_kernel_counts_what_the_process_uses()
    {
        ProcessFacts facts = ProcessFacts.Read();

        Assert.InRange(facts.Threads, 1, 1000);
        Assert.InRange(facts.ProportionalBytes, 1_000_000, facts.ResidentBytes);
        Assert.InRange(facts.OpenDescriptors, 3, 10_000);
    }
}
