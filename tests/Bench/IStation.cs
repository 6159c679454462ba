using System;

namespace IntercomAgent.Tests.Bench;

/// <summary>A program that is measured while it listens for calls, or is in one, on the loopback interface.</summary>
internal interface IStation : IDisposable
{
    int ProcessId { get; }

    /// <summary>All that it has printed so far, for the message when it fails.</summary>
    string Output { get; }

    /// <summary>Whether a UDP port is one of those that it may use for media.</summary>
    bool IsMediaPort(int port);
}
