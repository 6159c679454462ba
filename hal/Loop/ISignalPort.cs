using System;

namespace IntercomAgent.Hal.Loop;

/// <summary>The signals that end or reconfigure the program, read in the loop's turn.</summary>
public interface ISignalPort : IDisposable
{
    /// <summary>Takes the next signal that has arrived; false when there is none.</summary>
    bool TryRead(out Signal signal);
}

/// <summary>A signal of the operating system.</summary>
public enum Signal
{
    /// <summary>SIGTERM: the service manager asks for the end.</summary>
    Terminate,

    /// <summary>SIGINT: a person at the terminal asks for the end.</summary>
    Interrupt,

    /// <summary>SIGHUP: the configuration file has changed.</summary>
    HangUp,
}
