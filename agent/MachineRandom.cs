using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;

namespace IntercomAgent;

/// <summary>The machine's randomness for the engines, which know no machine.</summary>
internal sealed class MachineRandom(IMachine machine) : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => machine.FillRandom(destination);
}
