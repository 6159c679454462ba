using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>
/// The keypad's side of the door codes. One entry begins with its first digit and opens the door at the digit that makes it equal to a
/// code; nothing needs to follow. It is wrong when <c>#</c> ends it, <c>*</c> takes it back, no digit follows within the pause, or it is
/// as long as the longest code: each of these counts, or guesses would be free. Wrong entries count across calls, are forgotten
/// some time after the last one, and when too many are remembered digits do nothing until then.
/// </summary>
/// <param name="settings">The codes and their limits.</param>
internal sealed class CodeEntry(CodeSettings settings)
{
    private readonly byte[][] _codes = [.. settings.Codes.Select(code => Pad(code.Digits.Reveal()))];
    private readonly int _longest = settings.Codes.Select(code => code.Digits.Reveal().Length).DefaultIfEmpty().Max();
    private readonly byte[] _entry = new byte[DoorCode.MaximumDigits];
    private int _length;
    private int _wrongEntries;
    private Instant _pauseEnds = Instant.Never;
    private Instant _forgetsAt = Instant.Never;

    /// <summary>Whether digits do nothing because of too many wrong entries.</summary>
    public bool IsLocked => _wrongEntries >= settings.WrongEntries;

    /// <summary>Wrong entries that are remembered.</summary>
    public int WrongEntries => _wrongEntries;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt => Instant.Soonest(_pauseEnds, _forgetsAt);

    /// <summary>
    /// Takes the next digit: <c>0</c> to <c>9</c>, <c>#</c> or <c>*</c>; others are ignored. <paramref name="code"/> is the code that it
    /// completes.
    /// </summary>
    public CodeVerdict Enter(char digit, Instant now, out DoorCode? code)
    {
        code = null;
        if (IsLocked || _longest == 0)
        {
            return CodeVerdict.Incomplete;
        }

        if (digit is '#' or '*')
        {
            return _length == 0 ? CodeVerdict.Incomplete : Wrong(now);
        }

        if (!char.IsAsciiDigit(digit))
        {
            return CodeVerdict.Incomplete;
        }

        _entry[_length++] = (byte)digit;
        _pauseEnds = now + settings.DigitPause;
        code = Find();
        if (code is not null)
        {
            Clear();
            ForgetWrongEntries();
            return CodeVerdict.Accepted;
        }

        return _length < _longest ? CodeVerdict.Incomplete : Wrong(now);
    }

    /// <summary>Ends an entry whose pause is over, and forgets wrong entries in time.</summary>
    public CodeVerdict Advance(Instant now)
    {
        if (now >= _forgetsAt)
        {
            ForgetWrongEntries();
        }

        return now >= _pauseEnds ? Wrong(now) : CodeVerdict.Incomplete;
    }

    /// <summary>Drops what was entered, as its call is over. It counts as wrong if there was anything, as every guess does.</summary>
    public CodeVerdict Abandon(Instant now) => _length == 0 ? CodeVerdict.Incomplete : Wrong(now);

    /// <summary>
    /// Remembers wrong entries of an earlier life. Nobody knows how long ago they were: the time after which they are forgotten begins now.
    /// </summary>
    public void Remember(int wrongEntries, Instant now)
    {
        _wrongEntries = Math.Min(wrongEntries, settings.WrongEntries);
        _forgetsAt = wrongEntries > 0 ? now + settings.LockTime : Instant.Never;
    }

    /// <summary>Another entry, with the codes that hold from now on, that remembers the wrong ones of this one.</summary>
    public CodeEntry With(CodeSettings codes) => new(codes) { _wrongEntries = _wrongEntries, _forgetsAt = _forgetsAt };

    /// <summary>Drops everything, as the station ends.</summary>
    public void Forget()
    {
        Clear();
        ForgetWrongEntries();
    }

    private CodeVerdict Wrong(Instant now)
    {
        Clear();
        _wrongEntries++;
        _forgetsAt = now + settings.LockTime;
        return IsLocked ? CodeVerdict.Locked : CodeVerdict.Wrong;
    }

    /// <summary>
    /// Compares the entry with every code to its full padded length, so that the time tells nothing of how much of it is right.
    /// </summary>
    private DoorCode? Find()
    {
        DoorCode? found = null;
        for (int index = 0; index < _codes.Length; index++)
        {
            if (CryptographicOperations.FixedTimeEquals(_entry, _codes[index]))
            {
                found = settings.Codes[index];
            }
        }

        return found;
    }

    private void Clear()
    {
        CryptographicOperations.ZeroMemory(_entry);
        _length = 0;
        _pauseEnds = Instant.Never;
    }

    private void ForgetWrongEntries()
    {
        _wrongEntries = 0;
        _forgetsAt = Instant.Never;
    }

    private static byte[] Pad(string digits)
    {
        byte[] padded = new byte[DoorCode.MaximumDigits];
        _ = Encoding.ASCII.GetBytes(digits, padded);
        return padded;
    }
}

/// <summary>What an entry has come to.</summary>
internal enum CodeVerdict
{
    /// <summary>It is no code yet, and not wrong yet.</summary>
    Incomplete,

    /// <summary>It is a code.</summary>
    Accepted,

    /// <summary>It is no code.</summary>
    Wrong,

    /// <summary>It is no code, and one too many: codes are locked.</summary>
    Locked,
}
