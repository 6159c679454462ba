using System;
using System.Linq;
using IntercomAgent.Demo;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Quality;

public sealed class IntelligibilityTests(ITestOutputHelper output)
{
    private const int Seed = 5;

    private static readonly short[] Speech = DemoSpeech.Visitor();

    [Fact]
    public void Speech_that_is_as_it_was_is_understood_whole_however_loud()
    {
        Intelligibility same = new(Speech, Speech, 8000);
        Intelligibility quieter = new(Speech, [.. Speech.Select(sample => (short)(sample / 4))], 8000);

        Assert.Equal(1, same.Stoi(), 6);
        Assert.Equal(1, same.Estoi(), 6);
        Assert.InRange(quieter.Stoi(), 0.999, 1);
        Assert.InRange(quieter.Estoi(), 0.98, 1);
    }

    [Fact]
    public void Noise_alone_is_not_understood()
    {
        Intelligibility noise = new(Speech, Noise(Speech.Length, 3000), 8000);

        Assert.InRange(noise.Stoi(), -0.1, 0.45);
        Assert.InRange(noise.Estoi(), -0.1, 0.15);
    }

    [Fact]
    public void The_more_noise_the_less_is_understood()
    {
        double level = Math.Sqrt(Speech.Average(sample => (double)sample * sample));
        double[] stoi = new double[5];
        double[] estoi = new double[5];
        for (int step = 0; step < stoi.Length; step++)
        {
            double ratio = 20 - (10 * step);
            short[] noise = Noise(Speech.Length, level * Math.Pow(10, -ratio / 20));
            short[] heard = [.. Speech.Zip(noise, (speech, added) => (short)int.Clamp(speech + added, short.MinValue, short.MaxValue))];
            Intelligibility result = new(Speech, heard, 8000);
            (stoi[step], estoi[step]) = (result.Stoi(), result.Estoi());
            output.WriteLine($"{ratio} dB: STOI {stoi[step]:F3}, ESTOI {estoi[step]:F3}");
        }

        Assert.Equal(stoi.OrderDescending(), stoi);
        Assert.Equal(estoi.OrderDescending(), estoi);
        Assert.All(estoi.Zip(stoi), pair => Assert.True(pair.First <= pair.Second + 0.01));
    }

    private static short[] Noise(int length, double level)
    {
        Random random = new(Seed);
        return [.. Enumerable.Range(0, length).Select(_ => (short)double.Clamp(Gauss() * level, short.MinValue, short.MaxValue))];

        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
    }
}
