using System;

namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// Where a datagram came from or goes to, for engines that compare such places and never interpret them.
/// </summary>
/// <param name="Address">The 128 bits of the address.</param>
/// <param name="Port">The port.</param>
/// <param name="ScopeId">The interface of a link-local address, else 0.</param>
public readonly record struct TransportPath(UInt128 Address, ushort Port, uint ScopeId = 0);
