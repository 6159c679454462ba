using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Holds a buffer's fill where it should be by correcting the rate at which it is emptied or filled: a proportional and integral control,
/// critically damped. The integral is the drift of the two clocks; the proportional part brings the fill back.
/// </summary>
/// <param name="gain">
/// How much of an error a second makes up for: 0.2 takes five seconds. A drift of 300 ppm that begins at once moves the fill by 0.74 * 300
/// ppm / gain: 1.1 ms.
/// </param>
/// <param name="readings">
/// How many readings are smoothed into one. They must not take longer than a fraction of 1 / <paramref name="gain"/>, or it oscillates.
/// </param>
internal sealed class DriftControl(double gain, double readings)
{
    private double _smoothed;
    private double _integral;

    /// <summary>By how many millionths the buffer should be emptied faster.</summary>
    public double Correction { get; private set; }

    /// <summary>Takes a reading.</summary>
    /// <param name="excess">By how many seconds of sound the buffer is too full; negative when it is too empty.</param>
    /// <param name="elapsed">Seconds since the last reading.</param>
    public void Record(double excess, double elapsed)
    {
        _smoothed += (excess - _smoothed) / readings;
        double proportional = _smoothed * gain * 1e6;

        // An error that is made up for as fast as may be is one of the fill, and tells nothing of the clocks.
        if (Math.Abs(proportional) < Resampler.MaximumCorrection)
        {
            _integral = Limit(_integral + (_smoothed * gain * gain / 4 * elapsed * 1e6));
        }

        Correction = Limit(proportional + _integral);
    }

    /// <summary>The buffer was filled anew; the clocks drift as before.</summary>
    public void Restart()
    {
        _smoothed = 0;
        Correction = _integral;
    }

    private static double Limit(double correction) =>
        double.Clamp(correction, -Resampler.MaximumCorrection, Resampler.MaximumCorrection);
}
