using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>The resampler of Debian's libspeexdsp1, at the quality whose filter is as steep as ours.</summary>
internal sealed unsafe partial class SpeexResampler : IDisposable
{
    public const int Quality = 7;

    private const string Library = "libspeexdsp.so.1";

    private readonly nint _state;

    public SpeexResampler(int inputRate, int outputRate) => _state = speex_resampler_init(1, (uint)inputRate, (uint)outputRate, Quality, out _);

    public int Convert(ReadOnlySpan<short> input, Span<short> output)
    {
        uint taken = (uint)input.Length;
        uint given = (uint)output.Length;
        fixed (short* from = input)
        fixed (short* to = output)
        {
            _ = speex_resampler_process_int(_state, 0, from, &taken, to, &given);
        }

        return (int)given;
    }

    public void Dispose() => speex_resampler_destroy(_state);

    [LibraryImport(Library)]
    private static partial nint speex_resampler_init(uint channels, uint inputRate, uint outputRate, int quality, out int error);

    [LibraryImport(Library)]
    private static partial int speex_resampler_process_int(nint state, uint channel, short* input, uint* taken, short* output, uint* given);

    [LibraryImport(Library)]
    private static partial void speex_resampler_destroy(nint state);
}
