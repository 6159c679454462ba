using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>The G.722 of Debian's libspandsp2, which baresip uses.</summary>
internal sealed unsafe partial class SpanDsp
{
    private const string Library = "libspandsp.so.2";
    private const int BitRate = 64_000;

    private readonly nint _encoder = g722_encode_init(0, BitRate, 0);
    private readonly nint _decoder = g722_decode_init(0, BitRate, 0);

    public void Encode(ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        fixed (short* from = samples)
        fixed (byte* to = encoded)
        {
            _ = g722_encode(_encoder, to, from, samples.Length);
        }
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        fixed (byte* from = encoded)
        fixed (short* to = samples)
        {
            _ = g722_decode(_decoder, to, from, encoded.Length);
        }
    }

    [LibraryImport(Library)]
    private static partial nint g722_encode_init(nint state, int rate, int options);

    [LibraryImport(Library)]
    private static partial nint g722_decode_init(nint state, int rate, int options);

    [LibraryImport(Library)]
    private static partial int g722_encode(nint state, byte* encoded, short* samples, int count);

    [LibraryImport(Library)]
    private static partial int g722_decode(nint state, short* samples, byte* encoded, int count);
}
