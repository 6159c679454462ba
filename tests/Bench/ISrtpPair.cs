using System;

namespace IntercomAgent.Tests.Bench;

/// <summary>A sender and a receiver of SRTP that have the same fresh keys.</summary>
internal interface ISrtpPair : IDisposable
{
    /// <summary>Protects the packet that the buffer begins with, in place; returns its new length.</summary>
    int Protect(Span<byte> buffer, int length);

    /// <summary>Verifies and decrypts a packet in place; says whether it was accepted.</summary>
    bool Unprotect(Span<byte> packet);
}
