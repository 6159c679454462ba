namespace IntercomAgent.Tests.Storm;

/// <summary>When the calls of a storm are hung up.</summary>
internal enum Moment
{
    /// <summary>At any moment from "invited" to "one second of media", by either side.</summary>
    Random,

    /// <summary>By the caller as soon as the handshake is done: a storm of handshakes, as fast as both sides can.</summary>
    Secured,
}
