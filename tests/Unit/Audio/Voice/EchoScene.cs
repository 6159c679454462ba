using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Demo;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

/// <summary>
/// Half a minute at a door: the loudspeaker speaks all the time, in a room that answers into the microphone, and over the last ten seconds
/// a visitor speaks too. What the microphone hears and what the visitor says are kept apart, so that what a canceller does to each can be
/// measured.
/// </summary>
internal sealed class EchoScene
{
    /// <summary>The visitor speaks from here on.</summary>
    public const int DoubleTalkSeconds = 20;

    /// <summary>The end of the scene.</summary>
    public const int Seconds = 30;

    private readonly short[] _loudspeaker;
    private readonly double[] _visitor;
    private readonly short[] _microphone;
    private readonly int _lag;

    /// <summary>A scene.</summary>
    /// <param name="room">Where it is.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="drive">How hard the loudspeaker is driven: 0 is linear, at 3 it limits all that is loud.</param>
    /// <param name="echoLevel">By how many decibels the microphone hears the loudspeaker louder than it hears the visitor.</param>
    /// <param name="lagMilliseconds">How long the loudspeaker's device takes.</param>
    /// <param name="seed">Of the noise, 30 dB below the visitor.</param>
    public EchoScene(EchoRoom room, int sampleRate, double drive, double echoLevel, int lagMilliseconds, int seed)
    {
        SampleRate = sampleRate;
        _lag = lagMilliseconds * sampleRate / 1000;
        _loudspeaker = [.. Repeated(DemoSpeech.Indoors(), sampleRate).Select(sample => (short)sample)];
        double[] visitor = Repeated(DemoSpeech.Visitor(), sampleRate);
        for (int index = 0; index < DoubleTalkSeconds * sampleRate; index++)
        {
            visitor[index] = 0;
        }

        _visitor = visitor;
        double level = RootMeanSquare(visitor.AsSpan(DoubleTalkSeconds * sampleRate));
        double[] echo = Echo(room.Response(sampleRate), drive);
        double scale = level * Math.Pow(10, echoLevel / 20) / RootMeanSquare(echo);
        Random random = new(seed);
        double noise = level * Math.Pow(10, -30.0 / 20);
        _microphone = new short[echo.Length];
        for (int index = 0; index < echo.Length; index++)
        {
            double heard = (echo[index] * scale) + visitor[index] + (Gauss(random) * noise);
            _microphone[index] = (short)double.Clamp(double.Round(heard), short.MinValue, short.MaxValue);
        }
    }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>What the microphone hears.</summary>
    public short[] Microphone => _microphone;

    /// <summary>What the loudspeaker says meanwhile.</summary>
    public short[] Loudspeaker => _loudspeaker;

    /// <summary>Judges what somebody else has made of it.</summary>
    public EchoResult Judge(short[] sent) => new(_microphone, _visitor, sent, SampleRate);

    /// <summary>Runs the scene through a microphone's path, in periods of this many milliseconds.</summary>
    public EchoResult Run(CapturedVoice voice, int milliseconds)
    {
        int period = SampleRate * milliseconds / 1000;
        short[] sent = new short[_microphone.Length / period * period];
        for (int first = 0; first < sent.Length; first += period)
        {
            // What the loudspeaker is given now is heard a lag later, and answers what was captured just before.
            Span<short> captured = sent.AsSpan(first, period);
            _microphone.AsSpan(first, period).CopyTo(captured);
            voice.Listen(_lag);
            voice.Clean(captured);
            voice.Played(Given(first + period, period));
        }

        return Judge(sent);
    }

    /// <summary>What is written at the end of a captured period, so that the loudspeaker says it a lag later.</summary>
    private short[] Given(int captureEnd, int period)
    {
        short[] given = new short[period];
        for (int index = 0; index < period; index++)
        {
            int at = captureEnd + _lag + index;
            given[index] = at < _loudspeaker.Length ? _loudspeaker[at] : (short)0;
        }

        return given;
    }

    private double[] Echo(double[] response, double drive)
    {
        double[] moved = [.. _loudspeaker.Select(
            sample => drive > 0 ? Math.Tanh(drive * sample / 32768.0) / drive * 32768 : sample)];
        double[] echo = new double[moved.Length];
        for (int index = 0; index < echo.Length; index++)
        {
            double sum = 0;
            for (int past = 0; past < response.Length && past <= index; past++)
            {
                sum += response[past] * moved[index - past];
            }

            echo[index] = sum;
        }

        return echo;
    }

    /// <summary>Speech, again and again, at this rate.</summary>
    private static double[] Repeated(short[] speech, int sampleRate)
    {
        if (sampleRate != 8000)
        {
            short[] converted = new short[(speech.Length + 1) * sampleRate / 8000];
            int count = new Resampler(8000, sampleRate, speech.Length).Convert(speech, converted);
            speech = converted[..count];
        }

        double[] repeated = new double[Seconds * sampleRate];
        for (int index = 0; index < repeated.Length; index++)
        {
            repeated[index] = speech[index % speech.Length];
        }

        return repeated;
    }

    private static double RootMeanSquare(ReadOnlySpan<double> samples)
    {
        double sum = 0;
        foreach (double sample in samples)
        {
            sum += sample * sample;
        }

        return Math.Sqrt(sum / samples.Length);
    }

    private static double Gauss(Random random)
    {
        // The sum of twelve equal distributions is near enough.
        double sum = -6;
        for (int term = 0; term < 12; term++)
        {
            sum += random.NextDouble();
        }

        return sum;
    }
}
