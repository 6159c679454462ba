using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>The cipher of one direction of epoch 1.</summary>
internal abstract class RecordProtection : IDisposable
{
    /// <summary>Length of what is authenticated before the fragment: epoch and number (8), type (1), version (2), length (2).</summary>
    protected const int PseudoHeaderLength = 13;

    private protected RecordProtection()
    {
    }

    /// <summary>By how many bytes a protected fragment is longer than its plaintext at the most.</summary>
    public abstract int MaximumOverhead { get; }

    /// <summary>The length of the protected form of a plaintext of this length.</summary>
    public abstract int ProtectedLength(int length);

    /// <summary>Writes the protected form of the plaintext.</summary>
    public abstract void Seal(RecordHeader header, scoped ReadOnlySpan<byte> plaintext, ref WireWriter writer);

    /// <summary>
    /// Decrypts a fragment in place; false if it is too short or not authentic, and then its bytes mean nothing.
    /// </summary>
    public abstract bool TryOpen(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Fills in what is authenticated before the fragment (RFC 5246 sections 6.2.3.1 and 6.2.3.3).</summary>
    protected static void FillPseudoHeader(RecordHeader header, int length, Span<byte> pseudoHeader)
    {
        WireWriter writer = new(pseudoHeader);
        writer.WriteUInt64(header.EpochAndSequenceNumber);
        writer.WriteByte((byte)header.Type);
        writer.WriteUInt16(header.Version);
        writer.WriteUInt16((ushort)length);
    }
}
