using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>
/// Makes a new input out of known ones: datagrams lost, repeated, in another order; bits, bytes, lengths and numbers changed; stretches
/// and whole lines cut, moved, repeated many times, or taken from another input.
/// </summary>
/// <param name="random">Where all choices come from.</param>
internal sealed class Mutator(Random random)
{
    /// <summary>The longest datagram: more than the socket's batch keeps.</summary>
    private const int LongestDatagram = 9000;

    private const int MostDatagrams = 40;

    private static readonly byte[] Bytes = [0, 1, 0x7F, 0x80, 0xFF, (byte)'\r', (byte)'\n', (byte)' ', (byte)';', (byte)',', (byte)'"', (byte)'<'];

    private static readonly int[] Numbers = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, -1, -2];

    private static readonly string[] Words =
    [
        "0", "-1", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "99999999999999999999", "", " ", "\r\n ", "\t",
        ";", ",", "\"", "<", ">", "=", ":", "@", "[::1]", "[", "%00", "\\", "\0", "*",
    ];

    /// <summary>One new input.</summary>
    /// <param name="known">The inputs that there are, the one to be changed included.</param>
    /// <param name="isText">Whether lines may be changed as well.</param>
    public FuzzInput Mutate(IReadOnlyList<FuzzInput> known, bool isText)
    {
        List<byte[]> datagrams = [.. Pick(known).Datagrams];
        int changes = 1 + random.Next(4);
        for (int change = 0; change < changes; change++)
        {
            if (datagrams.Count == 0 || random.Next(6) == 0)
            {
                ChangeOrder(datagrams, known);
            }
            else
            {
                int at = random.Next(datagrams.Count);
                byte[] changed = isText && random.Next(2) == 0
                    ? ChangeLines(datagrams[at], known)
                    : ChangeBytes(datagrams[at], known);
                datagrams[at] = changed.Length <= LongestDatagram ? changed : changed[..LongestDatagram];
            }
        }

        return new FuzzInput(datagrams.Count <= MostDatagrams ? datagrams : datagrams[..MostDatagrams]);
    }

    private void ChangeOrder(List<byte[]> datagrams, IReadOnlyList<FuzzInput> known)
    {
        int at = random.Next(datagrams.Count + 1);
        switch (random.Next(4))
        {
            case 0 when datagrams.Count > 1:
                datagrams.RemoveAt(at % datagrams.Count);
                break;
            case 1 when datagrams.Count > 0:
                datagrams.Insert(at, Pick(datagrams));
                break;
            case 2 when datagrams.Count > 1:
                int other = random.Next(datagrams.Count);
                at %= datagrams.Count;
                (datagrams[at], datagrams[other]) = (datagrams[other], datagrams[at]);
                break;
            default:
                datagrams.Insert(at, PickDatagram(known));
                break;
        }
    }

    private byte[] ChangeBytes(byte[] datagram, IReadOnlyList<FuzzInput> known)
    {
        byte[] copy = [.. datagram];
        int at = random.Next(copy.Length + 1);
        int end = at + random.Next(Math.Min(copy.Length - at, 64) + 1);
        switch (random.Next(9))
        {
            case 0 when copy.Length > 0:
                copy[at % copy.Length] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1 when copy.Length > 0:
                copy[at % copy.Length] = random.Next(2) == 0 ? Pick(Bytes) : (byte)random.Next(256);
                return copy;
            case 2:
                return copy[..at];
            case 3:
                return [.. copy[..at], .. copy[end..]];
            case 4:
                byte[] noise = new byte[random.Next(32)];
                random.NextBytes(noise);
                return [.. copy[..at], .. noise, .. copy[at..]];
            case 5:
                return [.. copy[..at], .. Repeat(copy[at..end]), .. copy[at..]];
            case 6:
                byte[] other = PickDatagram(known);
                return [.. copy[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                return ChangeNumber(copy, at);
        }
    }

    /// <summary>Lengths, counts and codes are numbers of one to four bytes, the highest first.</summary>
    private byte[] ChangeNumber(byte[] copy, int at)
    {
        Span<byte> place = copy.AsSpan(at);
        int value = Pick(Numbers);
        switch (place.Length)
        {
            case >= 4 when random.Next(3) == 0:
                BinaryPrimitives.WriteInt32BigEndian(place, random.Next(2) == 0 ? value : BinaryPrimitives.ReadInt32BigEndian(place) + value);
                break;
            case >= 2 when random.Next(2) == 0:
                BinaryPrimitives.WriteInt16BigEndian(
                    place, unchecked((short)(random.Next(2) == 0 ? value : BinaryPrimitives.ReadInt16BigEndian(place) + value)));
                break;
            case >= 1:
                place[0] = unchecked((byte)(place[0] + value));
                break;
            default:
                break;
        }

        return copy;
    }

    private byte[] ChangeLines(byte[] datagram, IReadOnlyList<FuzzInput> known)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(datagram).Split("\r\n")];
        int at = random.Next(lines.Count);
        switch (random.Next(6))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[random.Next(lines.Count)]);
                break;
            case 2:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], random.Next(120)));
                break;
            case 3:
                string[] others = Encoding.Latin1.GetString(PickDatagram(known)).Split("\r\n");
                lines[at] = Pick(others);
                break;
            default:
                lines[at] = ChangeWord(lines[at]);
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
    }

    /// <summary>Puts something odd in the place of a number or of a part between two separators, or before it.</summary>
    private string ChangeWord(string line)
    {
        int at = random.Next(line.Length + 1);
        int start = line.LastIndexOfAny([' ', ':', ';', '=', ',', '/', '<'], Math.Max(at - 1, 0), at) + 1;
        int end = line.IndexOfAny([' ', ':', ';', '=', ',', '/', '>'], at);
        end = end < 0 ? line.Length : end;
        string word = random.Next(5) == 0 ? new string('x', random.Next(3000)) : Pick(Words);
        return random.Next(3) == 0 ? line[..at] + word + line[at..] : line[..Math.Min(start, end)] + word + line[end..];
    }

    private byte[] Repeat(byte[] part)
    {
        int times = random.Next(8) == 0 ? random.Next(400) : random.Next(4);
        return [.. Enumerable.Repeat(part, times).SelectMany(static bytes => bytes)];
    }

    private byte[] PickDatagram(IReadOnlyList<FuzzInput> known)
    {
        IReadOnlyList<byte[]> datagrams = Pick(known).Datagrams;
        return datagrams.Count == 0 ? [] : Pick(datagrams);
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
