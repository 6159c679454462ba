using System;
using System.Linq;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>Records of AES-128-CBC with HMAC-SHA1, in both orders, against another implementation of both.</summary>
public sealed class CbcRecordProtectionTests
{
    private const int VectorLength = 16;
    private const int CodeLength = 20;

    private static readonly byte[] MacKey = [.. Enumerable.Range(0, 20).Select(value => (byte)value)];
    private static readonly byte[] Key = [.. Enumerable.Range(100, 16).Select(value => (byte)value)];
    private static readonly RecordHeader Header = new(ContentType.Handshake, ProtocolVersion.Dtls12, 1, 7);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_of_every_length_is_read_again(bool encryptThenMac)
    {
        using CbcRecordProtection protection = Create(encryptThenMac);
        for (int length = 0; length < 300; length++)
        {
            byte[] text = Text(length);
            byte[] record = Seal(protection, text);

            Assert.Equal(protection.ProtectedLength(length), record.Length);
            Assert.InRange(record.Length - length, VectorLength + CodeLength + 1, protection.MaximumOverhead);
            Assert.True(protection.TryOpen(Header, record, out ReadOnlySpan<byte> plaintext), $"{length} bytes");
            Assert.Equal(text, plaintext.ToArray());
        }
    }

    [Fact]
    public void The_code_comes_first_and_is_encrypted_with_its_padding()
    {
        // RFC 5246 section 6.2.3.2
        using CbcRecordProtection protection = Create(encryptThenMac: false);
        byte[] text = Text(24);
        byte[] opened = Decrypt(Seal(protection, text));

        Assert.Equal(text, opened[..24]);
        Assert.Equal(Code(24, text), opened[24..44]);
        Assert.Equal([3, 3, 3, 3], opened[44..]);
    }

    [Fact]
    public void The_code_covers_what_was_encrypted_if_both_sides_know_RFC_7366()
    {
        using CbcRecordProtection protection = Create(encryptThenMac: true);
        byte[] text = Text(24);
        byte[] record = Seal(protection, text);
        byte[] opened = Decrypt(record[..^CodeLength]);

        Assert.Equal(Code(record.Length - CodeLength, record[..^CodeLength]), record[^CodeLength..]);
        Assert.Equal(text, opened[..24]);
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7], opened[24..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_that_was_changed_or_cut_is_read(bool encryptThenMac)
    {
        using CbcRecordProtection protection = Create(encryptThenMac);
        byte[] record = Seal(protection, Text(40));
        for (int bit = 0; bit < 8 * record.Length; bit++)
        {
            byte[] changed = (byte[])record.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(protection.TryOpen(Header, changed, out _), $"bit {bit}");
        }

        for (int length = 0; length < record.Length; length++)
        {
            Assert.False(protection.TryOpen(Header, record.AsSpan(0, length).ToArray(), out _), $"{length} bytes");
        }

        Assert.False(protection.TryOpen(Header with { SequenceNumber = 8 }, (byte[])record.Clone(), out _));
        Assert.False(protection.TryOpen(Header with { Type = ContentType.Alert }, (byte[])record.Clone(), out _));
        Assert.True(protection.TryOpen(Header, record, out _));
    }

    [Fact]
    public void Every_padding_that_fits_is_read_and_no_other()
    {
        // RFC 5246 section 6.2.3.2: up to 255 bytes and the one that says how many.
        using CbcRecordProtection protection = Create(encryptThenMac: false);
        byte[] text = Text(4);
        for (int padding = 7; padding < 256; padding += 16)
        {
            byte[] right = [.. text, .. Code(4, text), .. Enumerable.Repeat((byte)padding, padding + 1)];
            Assert.True(protection.TryOpen(Header, Encrypt(right), out ReadOnlySpan<byte> plaintext), $"{padding}");
            Assert.Equal(text, plaintext.ToArray());
            for (int wrong = 25; wrong < right.Length; wrong += 5)
            {
                byte[] changed = (byte[])right.Clone();
                changed[wrong - 1] ^= 1;
                Assert.False(protection.TryOpen(Header, Encrypt(changed), out _), $"{padding}, byte {wrong}");
            }
        }

        // A padding that leaves no room for the code, and one that reaches before the record's beginning.
        Assert.False(protection.TryOpen(Header, Encrypt([.. Enumerable.Repeat((byte)31, 32)]), out _));
        Assert.False(protection.TryOpen(Header, Encrypt([.. Enumerable.Repeat((byte)255, 32)]), out _));
    }

    [Fact]
    public void Each_record_has_another_initialization_vector()
    {
        using CbcRecordProtection protection = Create(encryptThenMac: false);

        Assert.NotEqual(Seal(protection, Text(4))[..VectorLength], Seal(protection, Text(4))[..VectorLength]);
    }

    private static CbcRecordProtection Create(bool encryptThenMac) => new(MacKey, Key, encryptThenMac, new SeededRandom(1));

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(value => (byte)(value * 3))];

    private static byte[] Seal(CbcRecordProtection protection, byte[] text)
    {
        WireWriter writer = new(new byte[512]);
        protection.Seal(Header, text, ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Decrypt(byte[] record)
    {
        using Aes aes = Aes.Create();
        aes.Key = Key;
        return aes.DecryptCbc(record.AsSpan(VectorLength), record.AsSpan(0, VectorLength), PaddingMode.None);
    }

    private static byte[] Encrypt(byte[] text)
    {
        using Aes aes = Aes.Create();
        aes.Key = Key;
        byte[] vector = new byte[VectorLength];
        return [.. vector, .. aes.EncryptCbc(text, vector, PaddingMode.None)];
    }

    private static byte[] Code(int length, byte[] text)
    {
        byte[] pseudoHeader = [0, 1, 0, 0, 0, 0, 0, 7, 22, 0xFE, 0xFD, (byte)(length >> 8), (byte)length];
        byte[] data = [.. pseudoHeader, .. text];
        return HMACSHA1.HashData(MacKey, data);
    }
}
