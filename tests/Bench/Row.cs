namespace IntercomAgent.Tests.Bench;

/// <summary>A line of the table: one thing measured here and, if somebody else does the same, there.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">In which unit both numbers are.</param>
/// <param name="Ours">Our number; null where this build has nothing to measure.</param>
/// <param name="Peer">The number of the peer, taken in the same run; null where nobody does the same.</param>
/// <param name="PeerName">Who the peer is and what it did.</param>
internal sealed record Row(string Name, string Unit, double? Ours, double? Peer = null, string PeerName = "");
