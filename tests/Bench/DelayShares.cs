using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>How long a program kept each burst of a <see cref="BurstCard"/> on its two ways, in milliseconds.</summary>
internal sealed class DelayShares
{
    /// <summary>Samples a second, and in a packet.</summary>
    private const double Rate = 8000;
    private const int PacketSamples = 160;

    /// <summary>In which a jitter buffer finds its delay; then some hundred bursts.</summary>
    private const int SettleSeconds = 25;
    private const int MeasuredSeconds = 45;
    private const int LeastBursts = 50;

    /// <summary>Shorter than from one burst to the next: what takes longer is taken for lost.</summary>
    private const double Longest = 0.24;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(SettleSeconds + MeasuredSeconds + 60);

    private readonly List<double> _capture = [];
    private readonly List<double> _playback = [];
    private readonly List<double> _both = [];

    private DelayShares(BurstCard card, IReadOnlyList<Echo> echoes)
    {
        List<double> heard = card.Moments("heard");
        Restarts = card.Moments("started").Count - 1;
        foreach (double said in card.Moments("said").Where(said => said > echoes[0].Came + SettleSeconds))
        {
            if (echoes.FirstOrDefault(echo => IsNext(echo.Came, said)) is { } echo
                && heard.FirstOrDefault(moment => IsNext(moment, echo.Went)) is > 0 and double ear)
            {
                double capture = echo.Came - (said + ((PacketSamples - echo.Sample) / Rate));
                double playback = ear - (echo.Sample / Rate) - echo.Went;
                _capture.Add(1000 * capture);
                _playback.Add(1000 * playback);
                _both.Add(1000 * (capture + playback));
            }
        }

        foreach (List<double> delays in (List<double>[])[_capture, _playback, _both])
        {
            delays.Sort();
        }
    }

    /// <summary>How often the loudspeaker ran dry and was started anew.</summary>
    public int Restarts { get; }

    /// <summary>Measures a program that is started on a port and with a card, answers, and sends what the card hears.</summary>
    public static DelayShares Measure(Func<int, BurstCard, IStation> start)
    {
        using BurstCard card = new();
        int port = FreePorts.Next();
        List<Echo> echoes;
        using (IStation station = start(port, card))
        {
            UdpPort.WaitUntilBound(port);
            echoes = Call(port, station);
        }

        DelayShares shares = echoes.Count == 0 ? throw new InvalidDataException("no burst came through") : new(card, echoes);
        int count = shares._both.Count;
        return count >= LeastBursts ? shares : throw new InvalidDataException($"only {count} bursts came through");
    }

    /// <summary>From the last sample of a packet to the packet.</summary>
    public double Capture(double share) => At(_capture, share);

    /// <summary>From a packet to its first sample.</summary>
    public double Playback(double share) => At(_playback, share);

    /// <summary>Both ways together.</summary>
    public double Both(double share) => At(_both, share);

    private static List<Echo> Call(int port, IStation station)
    {
        string seconds = (SettleSeconds + MeasuredSeconds).ToString(CultureInfo.InvariantCulture);
        using PeerProcess peer = PeerProcess.Start("perl", EchoCall(), seconds, port.ToString(CultureInfo.InvariantCulture), "bench");
        return peer.WaitForEnd(Limit) == 0
            ? [.. peer.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Echo.Read)]
            : throw new InvalidDataException($"no call:\n{peer.Output}\n{station.Output}");
    }

    private static string EchoCall() => Path.Combine(ShippedProgram.RepositoryRoot(), "tests", "Device", "echo-call");

    private static bool IsNext(double moment, double earlier) => moment > earlier && moment < earlier + Longest;

    private static double At(List<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    /// <summary>A burst in a packet that was sent back.</summary>
    /// <param name="Came">When the packet came, in seconds of the monotonic clock.</param>
    /// <param name="Went">When it was sent back.</param>
    /// <param name="Sample">Which of its samples the burst begins with.</param>
    private sealed record Echo(double Came, double Went, int Sample)
    {
        public static Echo Read(string line)
        {
            double[] numbers = [.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            return new(numbers[0], numbers[1], (int)numbers[2]);
        }
    }
}
