using System;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// HMAC (RFC 2104) under one key, for messages one after another, without garbage per message. Disposing wipes what came from the key.
/// </summary>
internal abstract class Hmac : IDisposable
{
    /// <summary>The length of the code in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>Takes in the key; it is not kept otherwise.</summary>
    /// <param name="algorithm">One of the hashes of TLS 1.2.</param>
    /// <param name="key">Any length.</param>
    public static Hmac Create(DigestAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        DigestAlgorithm.Sha256 => new Hmac<Sha256>(key),
        DigestAlgorithm.Md5 or DigestAlgorithm.Sha384 or DigestAlgorithm.Sha512 or DigestAlgorithm.Sha512Truncated256 =>
            new BouncyCastleHmac(algorithm, key),
    };

    /// <summary>Appends a piece of the message, of any length.</summary>
    public abstract void Update(ReadOnlySpan<byte> data);

    /// <summary>Ends the message, writes its code of <see cref="Length"/> bytes and begins the next message.</summary>
    public abstract void Finish(Span<byte> code);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>HMAC over our own hashes. The states after the padded key are computed once and copied for each message.</summary>
/// <typeparam name="TFunction">The hash.</typeparam>
internal sealed class Hmac<TFunction> : Hmac
    where TFunction : struct, ICompressionFunction
{
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;

    private RunningHash<TFunction> _inner = new();
    private RunningHash<TFunction> _outer = new();
    private RunningHash<TFunction> _running;

    /// <summary>Takes in the key, of any length; it is not kept otherwise.</summary>
    public Hmac(ReadOnlySpan<byte> key)
    {
        // RFC 2104 section 2: the key, or the hash of one that is longer than a block, with zeros behind it.
        Span<byte> block = stackalloc byte[ICompressionFunction.BlockLength];
        block.Clear();
        if (key.Length <= block.Length)
        {
            key.CopyTo(block);
        }
        else
        {
            _running = new RunningHash<TFunction>();
            _running.Update(key);
            _running.Finish(block);
        }

        AbsorbPadded(ref _inner, block, InnerPad);
        AbsorbPadded(ref _outer, block, OuterPad);
        CryptographicOperations.ZeroMemory(block);
        _running = _inner;
    }

    /// <inheritdoc/>
    public override int Length => RunningHash<TFunction>.HashLength;

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<byte> data) => _running.Update(data);

    /// <inheritdoc/>
    public override void Finish(Span<byte> code)
    {
        _running.Finish(code);
        _running = _outer;
        _running.Update(code[..Length]);
        _running.Finish(code);
        _running = _inner;
    }

    /// <inheritdoc/>
    public override void Dispose() => _inner = _outer = _running = default;

    private static void AbsorbPadded(ref RunningHash<TFunction> hash, ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[key.Length];
        for (int index = 0; index < key.Length; index++)
        {
            block[index] = (byte)(key[index] ^ pad);
        }

        hash.Update(block);
        CryptographicOperations.ZeroMemory(block);
    }
}
