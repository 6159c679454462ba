using System;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Net;

/// <summary>A port that takes TCP connections; ready when one waits.</summary>
public interface IStreamListener : IDisposable
{
    /// <summary>The address and port that it listens at.</summary>
    NetworkEndpoint LocalEndpoint { get; }

    /// <summary>Takes a connection that waits, to be reported under <paramref name="readiness"/>; null when none does.</summary>
    IStreamConnection? Accept(Readiness readiness);
}
