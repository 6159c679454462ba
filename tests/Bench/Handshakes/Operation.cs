using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>A part of a handshake that can be done alone, as ours does it and as OpenSSL does it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Ours">Does ours once.</param>
/// <param name="OpenSsl">Does OpenSSL's once.</param>
internal sealed record Operation(string Name, Action Ours, Action OpenSsl);

/// <summary>How long an operation takes: the median of several runs, in which ours and OpenSSL's took turns.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Ours">Ours, in microseconds.</param>
/// <param name="OpenSsl">OpenSSL's, in microseconds.</param>
internal sealed record OperationTime(string Name, double Ours, double OpenSsl)
{
    private const int Runs = 7;
    private const int Repetitions = 100;

    public static OperationTime[] Measure(IReadOnlyList<Operation> operations) => [.. operations.Select(Measure)];

    private static OperationTime Measure(Operation operation)
    {
        // Tables are made and pages touched in a first run that does not count.
        _ = Microseconds(operation.Ours);
        _ = Microseconds(operation.OpenSsl);
        List<double> ours = [];
        List<double> openSsl = [];
        for (int run = 0; run < Runs; run++)
        {
            ours.Add(Microseconds(operation.Ours));
            openSsl.Add(Microseconds(operation.OpenSsl));
        }

        return new OperationTime(operation.Name, Table.Median(ours), Table.Median(openSsl));
    }

    private static double Microseconds(Action action)
    {
        TimeSpan started = ProcessorClock.Now;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            action();
        }

        return (ProcessorClock.Now - started).TotalMicroseconds / Repetitions;
    }
}
