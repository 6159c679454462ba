using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// AES in CBC mode with HMAC-SHA1 (RFC 5246 section 6.2.3.2), for old peers that know nothing better: the code over the plaintext, or over
/// what was encrypted if both sides know RFC 7366. Every fragment begins with a fresh initialization vector.
/// </summary>
internal sealed class CbcRecordProtection : RecordProtection
{
    private const int BlockLength = AesBlocks.BlockLength;

    // What ends a message of SHA-1: one byte, and its length in eight (FIPS 180-4 section 5.1.1).
    private const int HashEndLength = 9;

    private readonly AesBlocks _encryption;
    private readonly AesEngine _decryption = new();
    private readonly Hmac<Sha1> _authenticator;
    private readonly bool _encryptThenMac;
    private readonly IRandomSource _random;

    /// <summary>Takes both keys from the key block.</summary>
    /// <param name="macKey">20 bytes.</param>
    /// <param name="key">16 bytes.</param>
    /// <param name="encryptThenMac">Whether the code is over what was encrypted (RFC 7366).</param>
    /// <param name="random">Gives initialization vectors, which nobody may foresee.</param>
    public CbcRecordProtection(ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> key, bool encryptThenMac, IRandomSource random)
    {
        _authenticator = new Hmac<Sha1>(macKey);
        _encryption = AesBlocks.Create(key, AesBlocks.BestBackEnd);
        _decryption.Init(forEncryption: false, new KeyParameter(key));
        _encryptThenMac = encryptThenMac;
        _random = random;
    }

    /// <inheritdoc/>
    public override int MaximumOverhead => BlockLength + CodeLength + BlockLength;

    private static int CodeLength => RunningHash<Sha1>.HashLength;

    /// <inheritdoc/>
    public override int ProtectedLength(int length) =>
        _encryptThenMac
            ? BlockLength + PaddedLength(length) + CodeLength
            : BlockLength + PaddedLength(length + CodeLength);

    /// <inheritdoc/>
    public override void Seal(RecordHeader header, scoped ReadOnlySpan<byte> plaintext, ref WireWriter writer)
    {
        Span<byte> pseudoHeader = stackalloc byte[PseudoHeaderLength];
        Span<byte> fragment = writer.Reserve(ProtectedLength(plaintext.Length));
        Span<byte> encrypted = _encryptThenMac ? fragment[..^CodeLength] : fragment;
        Span<byte> text = encrypted[BlockLength..];
        int length = plaintext.Length;
        plaintext.CopyTo(text);
        if (!_encryptThenMac)
        {
            FillPseudoHeader(header, length, pseudoHeader);
            Authenticate(pseudoHeader, plaintext, text.Slice(length, CodeLength));
            length += CodeLength;
        }

        // RFC 5246 section 6.2.3.2: each byte of the padding is the number of those before the last.
        text[length..].Fill((byte)(text.Length - length - 1));
        _random.Fill(encrypted[..BlockLength]);
        Encrypt(encrypted);
        if (_encryptThenMac)
        {
            FillPseudoHeader(header, encrypted.Length, pseudoHeader);
            Authenticate(pseudoHeader, encrypted, fragment[^CodeLength..]);
        }
    }

    /// <inheritdoc/>
    public override bool TryOpen(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        int encryptedLength = _encryptThenMac ? fragment.Length - CodeLength : fragment.Length;
        int shortest = BlockLength + PaddedLength(_encryptThenMac ? 0 : CodeLength);
        if (encryptedLength < shortest || encryptedLength % BlockLength != 0)
        {
            return false;
        }

        return _encryptThenMac
            ? TryOpenAuthenticated(header, fragment, out plaintext)
            : TryOpenPadded(header, fragment, out plaintext);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _encryption.Dispose();
        _authenticator.Dispose();

        // The engine keeps its schedule to itself: an all-zero key takes its place.
        _decryption.Init(forEncryption: false, new KeyParameter(new byte[BlockLength]));
    }

    private static int PaddedLength(int length) => (length / BlockLength * BlockLength) + BlockLength;

    // RFC 7366 section 3: nothing is decrypted before it is authentic, and then the padding is the peer's.
    private bool TryOpenAuthenticated(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        Span<byte> encrypted = fragment[..^CodeLength];
        Span<byte> pseudoHeader = stackalloc byte[PseudoHeaderLength];
        Span<byte> code = stackalloc byte[CodeLength];
        FillPseudoHeader(header, encrypted.Length, pseudoHeader);
        Authenticate(pseudoHeader, encrypted, code);
        if (!CryptographicOperations.FixedTimeEquals(code, fragment[^CodeLength..]))
        {
            return false;
        }

        Span<byte> text = Decrypt(encrypted);
        int padding = text[^1] + 1;
        if (padding > text.Length || text[^padding..].ContainsAnyExcept(text[^1]))
        {
            return false;
        }

        plaintext = text[..^padding];
        return true;
    }

    // RFC 5246 section 6.2.3.2: a wrong padding must take as long as a wrong code, and it does not say how long it is, either: after the
    // code over what the padding leaves, the hash runs over as many blocks more as the longest plaintext would have had ("Lucky
    // Thirteen", AlFardan and Paterson 2013). What is wrong in any way is dropped without a word.
    private bool TryOpenPadded(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        Span<byte> text = Decrypt(fragment);
        int longest = text.Length - CodeLength - 1;
        int paddingIsRight = CheckPadding(text, longest);

        // With a wrong padding, as if there were none.
        int length = longest - (text[^1] & -paddingIsRight);

        Span<byte> pseudoHeader = stackalloc byte[PseudoHeaderLength];
        Span<byte> code = stackalloc byte[CodeLength];
        FillPseudoHeader(header, length, pseudoHeader);
        Authenticate(pseudoHeader, text[..length], code);
        HashInVain(CountBlocks(longest) - CountBlocks(length));
        bool codeIsRight = CryptographicOperations.FixedTimeEquals(code, text.Slice(length, CodeLength));
        if (!codeIsRight | paddingIsRight == 0)
        {
            return false;
        }

        plaintext = text[..length];
        return true;
    }

    // 1 if all bytes of the padding are the last one, and there is room for a code before them; else 0. Reads the same bytes whatever the
    // last one is.
    private static int CheckPadding(ReadOnlySpan<byte> text, int longest)
    {
        int padding = text[^1];
        int wrong = (longest - padding) >> 31;
        int checkedLength = Math.Min(byte.MaxValue + 1, text.Length);
        for (int distance = 1; distance < checkedLength; distance++)
        {
            // All ones where the byte belongs to the padding.
            int belongs = (distance - padding - 1) >> 31;
            wrong |= belongs & (text[^(distance + 1)] ^ padding);
        }

        return (int)(((uint)(wrong | -wrong) >> 31) ^ 1);
    }

    private static int CountBlocks(int length)
    {
        const int HashBlockLength = ICompressionFunction.BlockLength;
        return (PseudoHeaderLength + length + HashEndLength + HashBlockLength - 1) / HashBlockLength;
    }

    private static void HashInVain(int blocks)
    {
        Span<byte> block = stackalloc byte[ICompressionFunction.BlockLength];
        RunningHash<Sha1> hash = new();
        for (int count = 0; count < blocks; count++)
        {
            hash.Update(block);
        }
    }

    private void Authenticate(ReadOnlySpan<byte> pseudoHeader, ReadOnlySpan<byte> text, Span<byte> code)
    {
        _authenticator.Update(pseudoHeader);
        _authenticator.Update(text);
        _authenticator.Finish(code);
    }

    // The first block is the initialization vector.
    private void Encrypt(Span<byte> blocks)
    {
        for (int offset = BlockLength; offset < blocks.Length; offset += BlockLength)
        {
            Add(blocks.Slice(offset - BlockLength, BlockLength), blocks.Slice(offset, BlockLength));
            _encryption.Encrypt(blocks.Slice(offset, BlockLength));
        }
    }

    // In place, from the end, so that the block before is still encrypted; gives what follows the initialization vector.
    private Span<byte> Decrypt(Span<byte> blocks)
    {
        for (int offset = blocks.Length - BlockLength; offset >= BlockLength; offset -= BlockLength)
        {
            Span<byte> block = blocks.Slice(offset, BlockLength);
            _ = _decryption.ProcessBlock(block, block);
            Add(blocks.Slice(offset - BlockLength, BlockLength), block);
        }

        return blocks[BlockLength..];
    }

    private static void Add(ReadOnlySpan<byte> mask, Span<byte> block)
    {
        for (int index = 0; index < block.Length; index++)
        {
            block[index] ^= mask[index];
        }
    }
}
