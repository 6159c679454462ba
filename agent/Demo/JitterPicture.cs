using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace IntercomAgent.Demo;

/// <summary>How a jitter buffer was at a moment.</summary>
/// <param name="Seconds">When.</param>
/// <param name="Depth">Milliseconds of sound that wait in it.</param>
/// <param name="Delay">Milliseconds of delay.</param>
/// <param name="Lost">Packets that never came, so far.</param>
/// <param name="Concealed">Milliseconds of sound that were made up, so far.</param>
internal readonly record struct JitterMoment(double Seconds, double Depth, double Delay, long Lost, long Concealed);

/// <summary>
/// Draws what a jitter buffer did over time as an SVG picture that a person can read: the sound that waited, the delay, and below them a
/// mark wherever packets were lost and wherever sound was made up.
/// </summary>
internal sealed class JitterPicture
{
    // More moments than that are no wider than a pixel each.
    private const double LeastInterval = 0.02;

    private const double Width = 900;
    private const double Left = 60;
    private const double Top = 50;
    private const double Height = 260;
    private const double LostLane = Top + Height + 34;
    private const double ConcealedLane = LostLane + 24;
    private const double LaneHeight = 14;

    private readonly List<JitterMoment> _moments = [];

    /// <summary>Takes down how it is now; what comes too soon after the last one is left out.</summary>
    public void Add(JitterMoment moment)
    {
        if (_moments.Count == 0 || moment.Seconds >= _moments[^1].Seconds + LeastInterval)
        {
            _moments.Add(moment);
        }
    }

    /// <summary>Writes the picture.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="title">What it shows, in plain words.</param>
    public void Write(TextWriter output, string title)
    {
        double first = _moments.Count == 0 ? 0 : _moments[0].Seconds;
        double seconds = Math.Max(_moments.Count == 0 ? 0 : _moments[^1].Seconds - first, 1);
        double highest = Step(_moments.Select(moment => Math.Max(moment.Depth, moment.Delay)).Append(20).Max()) * 5;
        output.WriteLine(Invariant(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 20} {ConcealedLane + 50}\" font-family=\"sans-serif\" font-size=\"12\">"));
        output.WriteLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Text(output, Left, 20, "start", title, "font-size=\"15\"");
        Text(output, Left, 40, "start", "delay", "fill=\"#1f5fbf\" font-weight=\"bold\"");
        Text(output, Left + 50, 40, "start", "sound that waits", "fill=\"#4d9a4d\" font-weight=\"bold\"");
        Text(output, Left + 165, 40, "start", "in milliseconds, over seconds");
        WriteAxes(output, seconds, highest);
        Line(output, "#9ccc9c", moment => moment.Depth);
        Line(output, "#1f5fbf", moment => moment.Delay);
        Lane(output, LostLane, "lost", "#c0392b", moment => moment.Lost, "packets");
        Lane(output, ConcealedLane, "made up", "#e08e0b", moment => moment.Concealed, "ms");
        output.WriteLine("</svg>");

        double X(double at) => Left + ((at - first) / seconds * Width);

        void Line(TextWriter target, string colour, Func<JitterMoment, double> value)
        {
            IEnumerable<string> points = _moments.Select(
                moment => Invariant($"{X(moment.Seconds):F1},{Top + (Height * (1 - (Math.Max(value(moment), 0) / highest))):F1}"));
            target.WriteLine($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\" points=\"{string.Join(' ', points)}\"/>");
        }

        void Lane(TextWriter target, double y, string name, string colour, Func<JitterMoment, long> count, string unit)
        {
            Text(target, Left - 8, y + LaneHeight - 3, "end", name);
            target.WriteLine(Invariant($"<rect x=\"{Left}\" y=\"{y}\" width=\"{Width}\" height=\"{LaneHeight}\" fill=\"#f2f2f2\"/>"));
            for (int index = 1; index < _moments.Count; index++)
            {
                double from = X(_moments[index - 1].Seconds);
                double width = Math.Max(X(_moments[index].Seconds) - from, 0.8);
                if (count(_moments[index]) > count(_moments[index - 1]))
                {
                    target.WriteLine(Invariant(
                        $"<rect x=\"{from:F1}\" y=\"{y}\" width=\"{width:F1}\" height=\"{LaneHeight}\" fill=\"{colour}\"/>"));
                }
            }

            long total = _moments.Count == 0 ? 0 : count(_moments[^1]) - count(_moments[0]);
            Text(target, Left + Width - 4, y + LaneHeight - 3, "end", Invariant($"{total} {unit}"));
        }
    }

    private static void WriteAxes(TextWriter output, double seconds, double highest)
    {
        double rise = Step(highest);
        for (double value = 0; value <= highest + 0.1; value += rise)
        {
            double y = Top + (Height * (1 - (value / highest)));
            output.WriteLine(Invariant($"<path d=\"M{Left} {y:F1}h{Width}\" stroke=\"#dddddd\"/>"));
            Text(output, Left - 8, y + 4, "end", Invariant($"{value:0}"));
        }

        double stride = Step(seconds);
        for (double at = 0; at <= seconds + 0.001; at += stride)
        {
            double x = Left + (at / seconds * Width);
            output.WriteLine(Invariant($"<path d=\"M{x:F1} {Top}v{Height}\" stroke=\"#eeeeee\"/>"));
            Text(output, x, Top + Height + 18, "middle", Invariant($"{at:0.##}"));
        }
    }

    /// <summary>A round number, of which about five fit.</summary>
    private static double Step(double range)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        double digit = range / 5 / decade;
        return decade * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static void Text(TextWriter output, double x, double y, string anchor, string text, string more = "")
    {
        string escaped = text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
        output.WriteLine(Invariant($"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" {more}>{escaped}</text>"));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
