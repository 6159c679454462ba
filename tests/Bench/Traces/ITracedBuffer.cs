using System;

namespace IntercomAgent.Tests.Bench.Traces;

/// <summary>A jitter buffer that a trace is played through: what comes goes in, and every 10 ms sound is taken.</summary>
internal interface ITracedBuffer : IDisposable
{
    /// <summary>A packet has come.</summary>
    /// <param name="packet">Its number.</param>
    /// <param name="elapsed">Milliseconds since the last period began.</param>
    void Receive(int packet, double elapsed);

    /// <summary>Plays a period.</summary>
    /// <returns>
    /// The place of what is played, in milliseconds of the sender's sound since its beginning; null when it is made up or silent.
    /// </returns>
    double? Play();

    /// <summary>Packets that came and were never heard.</summary>
    int Unheard { get; }
}
