using System;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>Something that must never happen has happened in the simulated world.</summary>
internal sealed class ViolationException(string what) : Exception(what);
