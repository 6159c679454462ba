using System;
using IntercomAgent.Crypto.Primitives;
using Xunit;
using OtherAesGcm = System.Security.Cryptography.AesGcm;
using OtherChaCha20Poly1305 = Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class AeadCipherTests
{
    private const int Seed = 20_400;

    public static TheoryData<string> BackEnds()
    {
        TheoryData<string> names = [];
        foreach (AesBackEnd backEnd in Enum.GetValues<AesBackEnd>())
        {
            if (AesBlocks.IsSupported(backEnd))
            {
                names.Add(backEnd.ToString());
            }
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void Gives_the_published_results_of_AES_GCM(string backEnd)
    {
        foreach (AeadVector vector in AeadVectors.AesGcm)
        {
            using AeadCipher cipher = Gcm(vector.Key, backEnd);
            SealsAndOpens(cipher, vector);
        }
    }

    [Fact]
    public void Gives_the_published_results_of_ChaCha20_Poly1305()
    {
        foreach (AeadVector vector in AeadVectors.ChaCha20Poly1305)
        {
            using AeadCipher cipher = AeadCiphers.CreateChaCha20Poly1305(vector.Key);
            SealsAndOpens(cipher, vector);
        }
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void AES_GCM_agrees_with_another_implementation_at_every_length(string backEnd)
    {
        Random random = new(Seed);
        foreach (int keyLength in (int[])[16, 32])
        {
            byte[] key = Bytes(random, keyLength);
            using AeadCipher cipher = Gcm(key, backEnd);
            using OtherAesGcm other = new(key, 16);
            AgreesAtEveryLength(cipher, random, other.Encrypt);
        }
    }

    [Fact]
    public void ChaCha20_Poly1305_agrees_with_another_implementation_at_every_length()
    {
        Random random = new(Seed);
        byte[] key = Bytes(random, 32);
        using AeadCipher cipher = AeadCiphers.CreateChaCha20Poly1305(key);
        AgreesAtEveryLength(cipher, random, (nonce, text, ciphertext, tag, additionalData) =>
        {
            OtherChaCha20Poly1305 other = new();
            other.Init(true, new Org.BouncyCastle.Crypto.Parameters.AeadParameters(
                new Org.BouncyCastle.Crypto.Parameters.KeyParameter(key), 128, nonce, additionalData));
            byte[] output = new byte[text.Length + 16];
            int written = other.ProcessBytes(text, 0, text.Length, output, 0);
            _ = other.DoFinal(output, written);
            output.AsSpan(0, text.Length).CopyTo(ciphertext);
            output.AsSpan(text.Length).CopyTo(tag);
        });
    }

    [Fact]
    public void Poly1305_agrees_with_another_implementation_at_the_edges_of_its_numbers()
    {
        byte[] ones = Fill(0xFF)[..16];
        byte[][] keys = [Fill(0xFF), [.. Fill(0)[..16], .. ones], [2, .. Fill(0)[1..]], [1, .. Fill(0)[1..16], .. ones]];
        byte[][] texts =
        [
            Fill(0xFF),
            [0xFB, .. Fill(0xFE)[1..16], .. Fill(0x01)[..16]],
            [.. Fill(0xFF), 0xF0, .. ones[1..]],
            [0xFF, .. Fill(0)[1..]],
        ];
        foreach (byte[] key in keys)
        {
            foreach (byte[] text in texts)
            {
                Org.BouncyCastle.Crypto.Macs.Poly1305 other = new();
                other.Init(new Org.BouncyCastle.Crypto.Parameters.KeyParameter(key));
                other.BlockUpdate(text, 0, text.Length);
                byte[] expected = new byte[16];
                _ = other.DoFinal(expected, 0);

                byte[] tag = new byte[16];
                Poly1305 authenticator = new(key);
                authenticator.UpdatePadded(text);
                authenticator.Finish(tag);
                Assert.Equal(expected, tag);
            }
        }
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void AES_GCM_refuses_whatever_was_changed_and_leaves_it_as_it_was(string backEnd)
    {
        using AeadCipher cipher = Gcm(new byte[16], backEnd);
        RefusesEveryChange(cipher);
    }

    [Fact]
    public void ChaCha20_Poly1305_refuses_whatever_was_changed_and_leaves_it_as_it_was()
    {
        using AeadCipher cipher = AeadCiphers.CreateChaCha20Poly1305(new byte[32]);
        RefusesEveryChange(cipher);
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void AES_GCM_allocates_nothing(string backEnd)
    {
        using AeadCipher cipher = Gcm(new byte[32], backEnd);
        AllocatesNothing(cipher);
    }

    [Fact]
    public void ChaCha20_Poly1305_allocates_nothing()
    {
        using AeadCipher cipher = AeadCiphers.CreateChaCha20Poly1305(new byte[32]);
        AllocatesNothing(cipher);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(24)]
    [InlineData(33)]
    public void A_key_of_another_length_is_our_own_mistake(int length)
    {
        _ = Assert.Throws<ArgumentException>(() => AeadCiphers.CreateAesGcm(new byte[length]));
        _ = Assert.Throws<ArgumentException>(() => AeadCiphers.CreateChaCha20Poly1305(new byte[length]));
    }

    [Fact]
    public void A_disposed_cipher_refuses_its_service()
    {
        foreach (AeadCipher cipher in Both())
        {
            cipher.Dispose();
            cipher.Dispose();
            _ = Assert.Throws<ObjectDisposedException>(() => cipher.Seal(new byte[12], [], [], new byte[16]));
            _ = Assert.Throws<ObjectDisposedException>(() => cipher.TryOpen(new byte[12], [], [], new byte[16]));
        }
    }

    [Theory]
    [InlineData(11, 16)]
    [InlineData(13, 16)]
    [InlineData(12, 15)]
    [InlineData(12, 17)]
    public void A_nonce_or_tag_of_another_length_is_our_own_mistake(int nonceLength, int tagLength)
    {
        foreach (AeadCipher cipher in Both())
        {
            _ = Assert.Throws<ArgumentException>(() => cipher.Seal(new byte[nonceLength], [], [], new byte[tagLength]));
            _ = Assert.Throws<ArgumentException>(() => cipher.TryOpen(new byte[nonceLength], [], [], new byte[tagLength]));
            cipher.Dispose();
        }
    }

    private delegate void OtherSeal(byte[] nonce, byte[] text, byte[] ciphertext, byte[] tag, byte[] additionalData);

    private static void AgreesAtEveryLength(AeadCipher cipher, Random random, OtherSeal other)
    {
        for (int length = 0; length <= 300; length++)
        {
            byte[] nonce = Bytes(random, AeadCipher.NonceLength);
            byte[] additionalData = Bytes(random, random.Next(64));
            byte[] text = Bytes(random, length);
            byte[] expected = new byte[length];
            byte[] expectedTag = new byte[16];
            other(nonce, text, expected, expectedTag, additionalData);
            SealsAndOpens(cipher, new AeadVector($"seed {Seed}, length {length}", [], nonce, additionalData, text, expected, expectedTag));
        }
    }

    private static void SealsAndOpens(AeadCipher cipher, AeadVector vector)
    {
        byte[] text = [.. vector.Plaintext];
        byte[] tag = new byte[cipher.TagLength];
        cipher.Seal(vector.Nonce, vector.AdditionalData, text, tag);
        Assert.True(vector.Ciphertext.AsSpan().SequenceEqual(text), vector.Name);
        Assert.True(vector.Tag.AsSpan().SequenceEqual(tag), vector.Name);
        Assert.True(cipher.TryOpen(vector.Nonce, vector.AdditionalData, text, tag), vector.Name);
        Assert.True(vector.Plaintext.AsSpan().SequenceEqual(text), vector.Name);
    }

    private static void RefusesEveryChange(AeadCipher cipher)
    {
        byte[] nonce = new byte[AeadCipher.NonceLength];
        byte[] additionalData = [1, 2, 3];
        byte[] text = Fill(7);
        byte[] tag = new byte[16];
        cipher.Seal(nonce, additionalData, text, tag);
        byte[] before = [.. text];
        foreach (byte[] part in (byte[][])[nonce, additionalData, text, tag])
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                byte[] changed = [.. text];
                Assert.False(cipher.TryOpen(nonce, additionalData, changed, tag));
                Assert.Equal(text, changed);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.Equal(before, text);
        Assert.True(cipher.TryOpen(nonce, additionalData, text, tag));
        Assert.Equal(Fill(7), text);
    }

    private static void AllocatesNothing(AeadCipher cipher)
    {
        byte[] nonce = new byte[AeadCipher.NonceLength];
        byte[] text = new byte[171];
        byte[] tag = new byte[16];
        cipher.Seal(nonce, text.AsSpan(0, 3), text.AsSpan(3), tag);
        Assert.True(cipher.TryOpen(nonce, text.AsSpan(0, 3), text.AsSpan(3), tag));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int count = 0; count < 1000; count++)
        {
            cipher.Seal(nonce, text.AsSpan(0, 3), text.AsSpan(3), tag);
            _ = cipher.TryOpen(nonce, text.AsSpan(0, 3), text.AsSpan(3), tag);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Crypto.Primitives.AesGcm Gcm(byte[] key, string backEnd) => new(key, Enum.Parse<AesBackEnd>(backEnd));

    private static AeadCipher[] Both() =>
        [AeadCiphers.CreateAesGcm(new byte[16]), AeadCiphers.CreateChaCha20Poly1305(new byte[32])];

    private static byte[] Fill(byte value)
    {
        byte[] bytes = new byte[32];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
