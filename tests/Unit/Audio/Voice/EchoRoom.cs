using System;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

/// <summary>
/// The way from a loudspeaker to a microphone beside it in a box on a wall, by the image method of Allen and Berkley (J. Acoust. Soc. Am.
/// 65, 1979) in a rectangular room.
/// </summary>
internal sealed class EchoRoom
{
    private const double SpeedOfSound = 343;

    /// <summary>In front of a house: what comes back comes from the ground and a wall.</summary>
    public static readonly EchoRoom Porch = new("porch", [3, 2.5, 2.5], 0.12);

    /// <summary>A hall with a carpet.</summary>
    public static readonly EchoRoom Hall = new("hall", [3, 5, 2.6], 0.35);

    /// <summary>A staircase of stone.</summary>
    public static readonly EchoRoom Staircase = new("staircase", [4, 6, 8], 0.8);

    private readonly double[] _size;

    private EchoRoom(string name, double[] size, double reverberation)
    {
        Name = name;
        _size = size;
        Reverberation = reverberation;
    }

    /// <summary>The room's name.</summary>
    public string Name { get; }

    /// <summary>Seconds in which sound falls by 60 dB.</summary>
    public double Reverberation { get; }

    /// <summary>What the microphone hears of a click from the loudspeaker 10 cm above it, for as long as 0.4 s.</summary>
    public double[] Response(int sampleRate)
    {
        double[] loudspeaker = [_size[0] / 2, 0.1, 1.4];
        double[] microphone = [_size[0] / 2, 0.1, 1.3];
        double length = double.Min(0.4, Reverberation);
        double[] response = new double[(int)(length * sampleRate)];
        double volume = _size[0] * _size[1] * _size[2];
        double surface = 2 * ((_size[0] * _size[1]) + (_size[1] * _size[2]) + (_size[0] * _size[2]));

        // Sabine's formula gives what the walls take in.
        double reflection = Math.Sqrt(1 - double.Min(0.99, 0.161 * volume / (surface * Reverberation)));
        int[] orders = Array.ConvertAll(_size, size => (int)Math.Ceiling(length * SpeedOfSound / (2 * size)));
        for (int x = -orders[0]; x <= orders[0]; x++)
        {
            for (int y = -orders[1]; y <= orders[1]; y++)
            {
                for (int z = -orders[2]; z <= orders[2]; z++)
                {
                    AddImages(response, [x, y, z], loudspeaker, microphone, reflection, sampleRate);
                }
            }
        }

        return response;
    }

    private void AddImages(
        double[] response, int[] cell, double[] loudspeaker, double[] microphone, double reflection, int sampleRate)
    {
        for (int mirrors = 0; mirrors < 8; mirrors++)
        {
            double square = 0;
            int reflections = 0;
            for (int axis = 0; axis < 3; axis++)
            {
                int mirror = (mirrors >> axis) & 1;
                double distance = ((1 - (2 * mirror)) * loudspeaker[axis]) - microphone[axis] + (2 * cell[axis] * _size[axis]);
                square += distance * distance;
                reflections += int.Abs((2 * cell[axis]) - mirror);
            }

            double far = Math.Sqrt(square);
            double place = far / SpeedOfSound * sampleRate;
            int index = (int)place;
            if (index + 1 < response.Length)
            {
                double size = Math.Pow(reflection, reflections) / (4 * Math.PI * far);
                response[index] += size * (1 - (place - index));
                response[index + 1] += size * (place - index);
            }
        }
    }
}
