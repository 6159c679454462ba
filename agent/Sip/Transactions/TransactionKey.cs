using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>
/// By which messages find their transaction. What names a transaction is as long as its peer likes; this is its hash, of which nobody can
/// make two alike: transactions stay for 64*T1, and many short strings would be most of what they leave in memory.
/// </summary>
/// <param name="Digest">The first 128 bits of SHA-256.</param>
internal readonly record struct TransactionKey(UInt128 Digest)
{
    /// <summary>Names on the stack up to this length: all but those of peers who make them long on purpose.</summary>
    private const int UsualLength = 512;

    /// <summary>A request of ours, by what its responses repeat (RFC 3261 section 17.1.3).</summary>
    public static TransactionKey OfClient(ReadOnlySpan<byte> branch, SipMethod method) => Hash(method, 0, branch, default);

    /// <summary>
    /// A peer's request (RFC 3261 section 17.2.3). For ACK and CANCEL the method is that of the request that is meant. A peer from before
    /// RFC 3261 gives its transactions no names: what its ACK, its CANCEL and its repetitions have in common with the request does.
    /// </summary>
    public static TransactionKey OfServer(in SipMessage request, SipMethod method) => request.Via.HasMagicCookie
        ? Hash(method, 0, request.Via.Branch, request.Via.SentBy)
        : Hash(
            method,
            request.CSeq,
            [.. request.Via.SentBy, (byte)';', .. request.Via.Parameters],
            [.. request.RequestUri, (byte)'\n', .. request.From.Tag, (byte)'\n', .. request.CallId]);

    /// <summary>
    /// What requests have in common that one and the same request became on two ways (RFC 3261 section 8.2.2.2): method, CSeq, Call-ID
    /// and the tag of From.
    /// </summary>
    public static TransactionKey OfOrigin(in SipMessage request) =>
        Hash(request.Method, request.CSeq, request.CallId, request.From.Tag);

    /// <summary>The tag of a peer, by which the branches of a fork differ (RFC 3261 section 12.1.2).</summary>
    public static TransactionKey OfTag(ReadOnlySpan<byte> tag) => Hash(default, 0, tag, default);

    /// <summary>A dialog (RFC 3261 section 12), by its Call-ID and both tags.</summary>
    public static TransactionKey OfDialog(ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> remoteTag) =>
        Hash(default, localTag.Length, callId, [.. localTag, .. remoteTag]);

    /// <summary>A tag that is the same whenever the request is (RFC 3261 section 8.2.7).</summary>
    public byte[] ToTag() => Encoding.ASCII.GetBytes(((ulong)Digest).ToString("x16", CultureInfo.InvariantCulture));

    private static TransactionKey Hash(SipMethod method, int number, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        // The length of the first text tells where the second one begins.
        const int HeaderLength = 3 * sizeof(int);
        int length = HeaderLength + one.Length + other.Length;
        Span<byte> name = length <= UsualLength ? stackalloc byte[UsualLength] : new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(name, (int)method);
        BinaryPrimitives.WriteInt32BigEndian(name[sizeof(int)..], number);
        BinaryPrimitives.WriteInt32BigEndian(name[(2 * sizeof(int))..], one.Length);
        one.CopyTo(name[HeaderLength..]);
        other.CopyTo(name[(HeaderLength + one.Length)..]);
        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, name[..length], hash);
        return new TransactionKey(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }
}
