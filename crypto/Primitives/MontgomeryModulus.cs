using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Powers modulo an odd number by Montgomery's method, for exponents that are secret: which words are read and written, and how often, does
/// not depend on base or exponent. BouncyCastle's own ModPow makes no such promise.
/// </summary>
internal sealed class MontgomeryModulus
{
    // Four bits of the exponent at a time: 16 powers in the table, an eighth fewer multiplications than with three.
    private const int WindowBits = 4;
    private const int TableLength = 1 << WindowBits;
    private const int WordBits = 64;

    private readonly BigInteger _modulus;
    private readonly ulong[] _words;

    // The base's factor into Montgomery's form: 2^(2 * 64 * words) modulo the modulus.
    private readonly ulong[] _toForm;

    // Minus the inverse of the modulus, modulo 2^64.
    private readonly ulong _negatedInverse;

    /// <summary>Prepares powers modulo this odd number.</summary>
    public MontgomeryModulus(BigInteger modulus)
    {
        _modulus = modulus;
        _words = ToWords(modulus, (modulus.BitLength + WordBits - 1) / WordBits);
        _toForm = ToWords(BigInteger.One.ShiftLeft(2 * WordBits * _words.Length).Mod(modulus), _words.Length);

        // Newton's iteration: each step doubles the number of right bits, and an odd number is its own inverse in the lowest three.
        ulong inverse = _words[0];
        for (int rightBits = 3; rightBits < WordBits; rightBits *= 2)
        {
            inverse = unchecked(inverse * (2 - (_words[0] * inverse)));
        }

        _negatedInverse = unchecked(0 - inverse);
    }

    /// <summary>The base to the power of the exponent.</summary>
    /// <param name="number">From zero to the modulus less one.</param>
    /// <param name="exponent">From zero to the modulus less one.</param>
    public BigInteger Power(BigInteger number, BigInteger exponent)
    {
        int length = _words.Length;
        ulong[] exponentWords = ToWords(exponent, length);
        ulong[] table = FillTable(number);
        ulong[] result = new ulong[length];
        ulong[] factor = new ulong[length];
        ulong[] scratch = new ulong[length + 2];

        // Begins with one in Montgomery's form, the table's first.
        table.AsSpan(0, length).CopyTo(result);
        for (int bit = (WordBits * length) - WindowBits; bit >= 0; bit -= WindowBits)
        {
            for (int square = 0; square < WindowBits; square++)
            {
                Multiply(result, result, result, scratch);
            }

            Select(table, exponentWords[bit / WordBits] >> (bit % WordBits) & (TableLength - 1), factor);
            Multiply(result, factor, result, scratch);
        }

        // Out of Montgomery's form: times one.
        factor.AsSpan().Clear();
        factor[0] = 1;
        Multiply(result, factor, result, scratch);
        BigInteger power = ToNumber(result);
        Array.Clear(exponentWords);
        Array.Clear(table);
        return power;
    }

    // The first sixteen powers of the number, one after another.
    private ulong[] FillTable(BigInteger number)
    {
        int length = _words.Length;
        ulong[] table = new ulong[TableLength * length];
        ulong[] scratch = new ulong[length + 2];
        ulong[] one = new ulong[length];
        one[0] = 1;
        Multiply(_toForm, one, table.AsSpan(0, length), scratch);
        Span<ulong> first = table.AsSpan(length, length);
        Multiply(ToWords(number.Mod(_modulus), length), _toForm, first, scratch);
        for (int power = 2; power < TableLength; power++)
        {
            Multiply(table.AsSpan((power - 1) * length, length), first, table.AsSpan(power * length, length), scratch);
        }

        return table;
    }

    // Reads the whole table, whichever entry it is.
    private static void Select(ReadOnlySpan<ulong> table, ulong index, Span<ulong> entry)
    {
        entry.Clear();
        for (int candidate = 0; candidate < TableLength; candidate++)
        {
            // All ones where the candidate is the index: only then does the difference less one borrow.
            ulong difference = (ulong)candidate ^ index;
            ulong mask = unchecked(0 - ((difference - 1) >> (WordBits - 1)));
            ReadOnlySpan<ulong> words = table.Slice(candidate * entry.Length, entry.Length);
            for (int word = 0; word < entry.Length; word++)
            {
                entry[word] |= words[word] & mask;
            }
        }
    }

    // The product, divided by 2^(64 * words), modulo the modulus; the multiplication and the reduction go hand in hand, word by word.
    private void Multiply(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> product, Span<ulong> sum)
    {
        ReadOnlySpan<ulong> modulus = _words;
        int length = modulus.Length;
        sum.Clear();
        for (int row = 0; row < length; row++)
        {
            ulong carry = AddMultiple(left[..length], right[row], sum);
            ulong top = unchecked(sum[length] + carry);
            sum[length + 1] = top < carry ? 1UL : 0;
            sum[length] = top;

            ulong factor = unchecked(sum[0] * _negatedInverse);
            carry = AddMultiple(modulus, factor, sum);
            top = unchecked(sum[length] + carry);
            ulong overflow = sum[length + 1] + (top < carry ? 1UL : 0);

            // The lowest word is zero now: on to the next.
            sum[1..length].CopyTo(sum);
            sum[length - 1] = top;
            sum[length] = overflow;
        }

        ReduceOnce(sum, product);
    }

    // Adds the multiple to the sum's lower words; returns what is carried out of them.
    private static ulong AddMultiple(ReadOnlySpan<ulong> words, ulong factor, Span<ulong> sum)
    {
        // As long as each other: spares the loop the check of both.
        sum = sum[..words.Length];
        ulong carry = 0;
        for (int word = 0; word < words.Length; word++)
        {
            ulong high = Math.BigMul(words[word], factor, out ulong low);
            unchecked
            {
                low += carry;
                high += low < carry ? 1UL : 0;
                ulong total = sum[word] + low;
                high += total < low ? 1UL : 0;
                sum[word] = total;
            }

            carry = high;
        }

        return carry;
    }

    // The sum is less than twice the modulus: subtracts, and takes whichever of the two is right, in the same time.
    private void ReduceOnce(ReadOnlySpan<ulong> sum, Span<ulong> result)
    {
        Span<ulong> difference = stackalloc ulong[_words.Length];
        ulong borrow = 0;
        for (int word = 0; word < _words.Length; word++)
        {
            UInt128 wide = unchecked((UInt128)sum[word] - _words[word] - borrow);
            difference[word] = (ulong)wide;
            borrow = (ulong)(wide >> WordBits) & 1;
        }

        ulong keepSum = unchecked(0 - (borrow & (sum[_words.Length] ^ 1)));
        for (int word = 0; word < _words.Length; word++)
        {
            result[word] = (sum[word] & keepSum) | (difference[word] & ~keepSum);
        }
    }

    // The lowest word first.
    private static ulong[] ToWords(BigInteger number, int length)
    {
        byte[] bytes = BigIntegers.AsUnsignedByteArray(length * sizeof(ulong), number);
        ulong[] words = new ulong[length];
        for (int word = 0; word < length; word++)
        {
            words[word] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan((length - 1 - word) * sizeof(ulong)));
        }

        CryptographicOperations.ZeroMemory(bytes);
        return words;
    }

    private static BigInteger ToNumber(ReadOnlySpan<ulong> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(ulong)];
        for (int word = 0; word < words.Length; word++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan((words.Length - 1 - word) * sizeof(ulong)), words[word]);
        }

        return new BigInteger(1, bytes);
    }
}
