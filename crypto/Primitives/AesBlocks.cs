using System;
using System.Runtime.Intrinsics;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>What computes AES and the products of GHASH.</summary>
internal enum AesBackEnd
{
    /// <summary>AES-NI and PCLMULQDQ.</summary>
    X86,

    /// <summary>The cryptography extension of ARMv8: Raspberry Pi 5.</summary>
    Arm,

    /// <summary>BouncyCastle's engine and ordinary multiplications: Raspberry Pi 4 and older have no instructions for AES.</summary>
    Portable,
}

/// <summary>
/// AES (FIPS 197) under one key, in the encrypting direction only: counter mode needs no other. Disposing wipes the key.
/// </summary>
internal abstract class AesBlocks : IDisposable
{
    /// <summary>The length of a block in bytes.</summary>
    public const int BlockLength = 16;

    /// <summary>The fastest back end of this processor.</summary>
    public static AesBackEnd BestBackEnd =>
        X86AesInstructions.IsSupported ? AesBackEnd.X86
        : ArmAesInstructions.IsSupported ? AesBackEnd.Arm
        : AesBackEnd.Portable;

    /// <summary>Whether this processor has the back end's instructions.</summary>
    public static bool IsSupported(AesBackEnd backEnd) => backEnd switch
    {
        AesBackEnd.X86 => X86AesInstructions.IsSupported,
        AesBackEnd.Arm => ArmAesInstructions.IsSupported,
        AesBackEnd.Portable => true,
    };

    /// <summary>Expands the key for the given back end, which this processor must support.</summary>
    /// <param name="key">16 or 32 bytes; not kept.</param>
    /// <param name="backEnd">Tests force one; everybody else takes <see cref="BestBackEnd"/>.</param>
    /// <exception cref="ArgumentException">The key has another length: our own mistake.</exception>
    public static AesBlocks Create(ReadOnlySpan<byte> key, AesBackEnd backEnd)
    {
        if (key.Length is not (16 or 32))
        {
            throw new ArgumentException("An AES key has 16 or 32 bytes here.", nameof(key));
        }

        return backEnd switch
        {
            AesBackEnd.X86 => new InstructionAesBlocks<X86AesInstructions>(key),
            AesBackEnd.Arm => new InstructionAesBlocks<ArmAesInstructions>(key),
            AesBackEnd.Portable => new PortableAesBlocks(key),
        };
    }

    /// <summary>Encrypts each block in place, independently of the others.</summary>
    /// <param name="blocks">A whole number of blocks.</param>
    public abstract void Encrypt(Span<byte> blocks);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// BouncyCastle's engine: the speed of a table of 1 KB, and no longer quite the same time for every key and block. On one
    /// small board without neighbours, behind a network's jitter, that is a fair price for a voice that keeps up.
    /// </summary>
    private sealed class PortableAesBlocks : AesBlocks
    {
        private readonly AesEngine _engine = new();

        public PortableAesBlocks(ReadOnlySpan<byte> key) => _engine.Init(forEncryption: true, new KeyParameter(key));

        public override void Encrypt(Span<byte> blocks)
        {
            for (; !blocks.IsEmpty; blocks = blocks[BlockLength..])
            {
                _ = _engine.ProcessBlock(blocks, blocks);
            }
        }

        // The engine keeps its schedule to itself: an all-zero key takes its place, and the old one is left to the collector.
        public override void Dispose() => _engine.Init(forEncryption: true, new KeyParameter(new byte[BlockLength]));
    }

    /// <summary>AES on a processor's own instructions: takes the same time for every key and block.</summary>
    private sealed class InstructionAesBlocks<TInstructions>(ReadOnlySpan<byte> key) : AesBlocks
        where TInstructions : IAesInstructions
    {
        private readonly Vector128<byte>[] _roundKeys = AesKeySchedule.Expand<TInstructions>(key);

        public override void Encrypt(Span<byte> blocks)
        {
            ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
            for (; blocks.Length >= 4 * BlockLength; blocks = blocks[(4 * BlockLength)..])
            {
                EncryptFour(keys, blocks);
            }

            for (; !blocks.IsEmpty; blocks = blocks[BlockLength..])
            {
                EncryptOne(keys, blocks);
            }
        }

        public override void Dispose() => Array.Clear(_roundKeys);

        // A round takes several cycles, but the processor starts one in every cycle: four blocks are under way at once.
        private static void EncryptFour(ReadOnlySpan<Vector128<byte>> keys, Span<byte> blocks)
        {
            Vector128<byte> a = Vector128.Create<byte>(blocks);
            Vector128<byte> b = Vector128.Create<byte>(blocks[BlockLength..]);
            Vector128<byte> c = Vector128.Create<byte>(blocks[(2 * BlockLength)..]);
            Vector128<byte> d = Vector128.Create<byte>(blocks[(3 * BlockLength)..]);
            foreach (Vector128<byte> key in keys[..^2])
            {
                a = TInstructions.Round(a, key);
                b = TInstructions.Round(b, key);
                c = TInstructions.Round(c, key);
                d = TInstructions.Round(d, key);
            }

            (TInstructions.LastRound(a, keys[^2]) ^ keys[^1]).CopyTo(blocks);
            (TInstructions.LastRound(b, keys[^2]) ^ keys[^1]).CopyTo(blocks[BlockLength..]);
            (TInstructions.LastRound(c, keys[^2]) ^ keys[^1]).CopyTo(blocks[(2 * BlockLength)..]);
            (TInstructions.LastRound(d, keys[^2]) ^ keys[^1]).CopyTo(blocks[(3 * BlockLength)..]);
        }

        private static void EncryptOne(ReadOnlySpan<Vector128<byte>> keys, Span<byte> block)
        {
            Vector128<byte> state = Vector128.Create<byte>(block);
            foreach (Vector128<byte> key in keys[..^2])
            {
                state = TInstructions.Round(state, key);
            }

            (TInstructions.LastRound(state, keys[^2]) ^ keys[^1]).CopyTo(block);
        }
    }
}
