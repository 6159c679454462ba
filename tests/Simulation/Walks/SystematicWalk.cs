using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// Every way in which one short secure call can be hung up: by each side, before and after each of its events; crossed with every subset
/// of the handshake's flights lost in their first transmission, and for each of these each single flight lost in its second one; in both
/// DTLS roles; with and without a cookie exchange.
/// <para>
/// The events are those of the call under the same losses when nobody hangs up early: no fewer than those of the call without losses.
/// </para>
/// </summary>
internal sealed class SystematicWalk(TextWriter output)
{
    /// <summary>More events than any call here has: its place in a run's number.</summary>
    private const int EventsPerCall = 1024;

    /// <summary>
    /// Losses of one handshake after which its retransmissions may come so late that a peer counts as gone: with the fourth, a timeout of
    /// 400 ms has grown to the five seconds where it stays.
    /// </summary>
    private const int Hopeless = 4;

    private static readonly Misfortune[] Misfortunes = [.. ListMisfortunes()];

    private readonly DtlsIdentity[] _identities = RandomWalk.Identities;
    private readonly int[] _events = new int[Misfortunes.Length];

    /// <summary>Calls so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Patterns of loss under which a call ends by itself.</summary>
    public int GaveUp { get; private set; }

    /// <summary>
    /// Makes every run there is, or those of one of so many parts, so that several processes can share them; whether all was well.
    /// </summary>
    public bool RunAll(int part, int parts)
    {
        int longest = 0;
        int patterns = 0;
        for (int misfortune = part - 1; misfortune < Misfortunes.Length; misfortune += parts)
        {
            patterns++;
            if (!TryCountEvents(misfortune))
            {
                return false;
            }

            longest = Math.Max(longest, _events[misfortune]);
            TellProgress(patterns, ((Misfortunes.Length - part) / parts) + 1);
            for (int moment = 0; moment < _events[misfortune] * 4; moment++)
            {
                if (!TryRun(Number(misfortune, moment), trace: null))
                {
                    return false;
                }
            }
        }

        output.WriteLine($"{Runs} calls: {patterns} of {Misfortunes.Length} patterns of loss ({GaveUp} of them too much for any call), up to {longest} events in a call");
        return true;
    }

    /// <summary>Makes a sample of the runs, chosen by the seed; whether all was well.</summary>
    public bool RunSample(int runs, int seed)
    {
        Random random = new(seed);
        for (int run = 0; run < runs; run++)
        {
            int misfortune = random.Next(Misfortunes.Length);
            if (!TryCountEvents(misfortune) || !TryRun(Number(misfortune, random.Next(_events[misfortune] * 4)), trace: null))
            {
                return false;
            }
        }

        output.WriteLine($"{Runs} calls of the systematic walk, chosen by seed {seed}");
        return true;
    }

    /// <summary>Makes the run of that number and writes each of its events; whether all was well.</summary>
    public bool Trace(int number) => number / (EventsPerCall * 4) < Misfortunes.Length && TryRun(number, output);

    /// <summary>Without cookies there are 2^4 subsets and five choices of what is lost again, with cookies 2^6 and seven.</summary>
    private static IEnumerable<Misfortune> ListMisfortunes()
    {
        foreach (bool callerIsClient in new[] { false, true })
        {
            foreach (HelloCircumstance hello in Enum.GetValues<HelloCircumstance>())
            {
                // A caller who is the client says no hello before it has the answer.
                if (callerIsClient && hello == HelloCircumstance.BeforeAnswer)
                {
                    continue;
                }

                int flights = new Misfortune(callerIsClient, hello, 0, HandshakeFlight.None).Flights;
                for (int lost = 0; lost < 1 << flights; lost++)
                {
                    for (int again = -1; again < flights; again++)
                    {
                        yield return new Misfortune(callerIsClient, hello, lost, (HandshakeFlight)again);
                    }
                }
            }
        }
    }

    private void TellProgress(int patterns, int all)
    {
        if (patterns % Math.Max(1, all / 16) == 0)
        {
            output.WriteLine($"{patterns} of {all} patterns of loss, {Runs} calls");
            output.Flush();
        }
    }

    private static int Number(int misfortune, int moment) => (misfortune * EventsPerCall * 4) + moment;

    private bool TryCountEvents(int misfortune)
    {
        if (_events[misfortune] == 0)
        {
            using SystematicRun run = new(Misfortunes[misfortune], hangUp: null, _identities, trace: null);
            if (!Try(run, $"{Misfortunes[misfortune]}, hung up in the end"))
            {
                return false;
            }

            GaveUp += run.WasHeard ? 0 : 1;
            if (!run.WasHeard && Misfortunes[misfortune].Losses < Hopeless)
            {
                output.WriteLine($"VIOLATION: {Misfortunes[misfortune]}: nobody hung up, but no voice was heard: {run.Ends}; "
                    + $"tests/simulate --systematic --seed {Number(misfortune, (EventsPerCall * 4) - 1)} --trace shows it");
                return false;
            }

            _events[misfortune] = run.Events;
        }

        return true;
    }

    private bool TryRun(int number, TextWriter? trace)
    {
        (int misfortune, int moment) = Math.DivRem(number, EventsPerCall * 4);
        HangUpMoment hangUp = new(moment / 4, (moment & 1) == 0, (moment & 2) == 0);
        SystematicRun? clock = null;
        Action<string, string>? tell = trace is null ? null : (who, what) => trace.WriteLine($"{clock?.Now / 1e9:F6} {clock?.Events,3} {who}: {what}");
        using SystematicRun run = new(Misfortunes[misfortune], hangUp, _identities, tell);
        clock = run;
        trace?.WriteLine($"{Misfortunes[misfortune]}, {hangUp}");
        return Try(run, $"{Misfortunes[misfortune]}, {hangUp}: tests/simulate --systematic --seed {number} --trace shows it");
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown in a simulated world is a finding of that run.")]
    private bool Try(SystematicRun run, string what)
    {
        Runs++;
        try
        {
            run.Run();
            return true;
        }
        catch (Exception problem)
        {
            output.WriteLine($"VIOLATION: {problem.Message}");
            output.WriteLine(problem is ViolationException ? "" : problem.ToString());
            output.WriteLine(what);
            return false;
        }
    }
}
