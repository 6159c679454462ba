using System;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>What one handshake took each end, by the processor's clock.</summary>
internal readonly record struct HandshakeCost(TimeSpan Client, TimeSpan Server);
