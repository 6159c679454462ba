using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>What becomes of the credentials of a request.</summary>
internal enum DigestVerdict
{
    /// <summary>The caller has proven its password.</summary>
    Accepted,

    /// <summary>There are none that answer a challenge of ours.</summary>
    Missing,

    /// <summary>The challenge that they answer is too old, was answered with this count before, or was for another address.</summary>
    Stale,

    /// <summary>User or password is wrong.</summary>
    Wrong,

    /// <summary>The address has been wrong too often, and is not listened to for a while.</summary>
    LockedOut,
}

/// <summary>
/// The server's side of digest authentication (RFC 7616, RFC 8760): asks callers for their passwords, with SHA-256 first. A nonce is its
/// own time and a keyed hash over that time and the caller's address: nothing is kept for a challenge, so that who only asks costs
/// nothing. What is kept is bounded: the counts of the nonces that were answered rightly, and the addresses that were wrong.
/// </summary>
/// <param name="settings">Whose passwords.</param>
/// <param name="random">Makes the key of the nonces.</param>
internal sealed class DigestServer(DigestServerSettings settings, IRandomSource random)
{
    private const int NonceBytes = sizeof(long) + 32;

    /// <summary>The key, the time and the address that are hashed to a nonce: of fixed length, so that nobody can hash on.</summary>
    private const int SealedBytes = 32 + sizeof(long) + 16;

    private readonly byte[] _key = NewKey(random);
    private readonly byte[] _realm = Encoding.ASCII.GetBytes(settings.Realm);
    private readonly NonceCounts _counts = new();
    private readonly WrongPasswords _wrong = new(settings.WrongAttempts, settings.LockTime);

    /// <summary>The header line of the refusal while an address is locked out.</summary>
    public static byte[] RetryLater => "Retry-After: 60\r\n"u8.ToArray();

    /// <summary>The header lines of a 401 (RFC 8760 section 2.3: the preferred algorithm first).</summary>
    /// <param name="from">Who has to answer.</param>
    /// <param name="isStale">Whether only the nonce of the last answer was too old.</param>
    /// <param name="now">The current time.</param>
    public byte[] Challenges(NetworkEndpoint from, bool isStale, Instant now)
    {
        string nonce = Nonce(from, now.Nanoseconds);
        string strong = Challenge("SHA-256", nonce, isStale) + Challenge("SHA-512-256", nonce, isStale);
        return Encoding.ASCII.GetBytes(settings.AllowMd5 ? strong + Challenge("MD5", nonce, isStale) : strong);
    }

    /// <summary>Judges the credentials of a request, and says whose they are when they are accepted.</summary>
    public DigestVerdict Judge(in SipMessage request, NetworkEndpoint from, Instant now, out string? user)
    {
        user = null;
        if (_wrong.IsLocked(from, now))
        {
            return DigestVerdict.LockedOut;
        }

        foreach (ReadOnlySpan<byte> field in request.Headers.Fields(SipHeaderName.Authorization))
        {
            if (DigestAuthorization.TryRead(field, out DigestAuthorization answer) && answer.Realm.SequenceEqual(_realm))
            {
                DigestVerdict verdict = Judge(answer, request, from, now, out user);
                if (verdict == DigestVerdict.Wrong && _wrong.Count(from, now))
                {
                    return DigestVerdict.LockedOut;
                }

                return verdict;
            }
        }

        return DigestVerdict.Missing;
    }

    private DigestVerdict Judge(in DigestAuthorization answer, in SipMessage request, NetworkEndpoint from, Instant now, out string? user)
    {
        user = null;
        bool isAllowed = answer.Algorithm is { } named && (settings.AllowMd5 || DigestAlgorithms.IsStrong(named));
        if (!isAllowed
            || !answer.Quality.SequenceEqual("auth"u8)
            || !int.TryParse(answer.NonceCount, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int count)
            || answer.NonceCount.Length != 8
            || !answer.Uri.SequenceEqual(request.RequestUri))
        {
            // RFC 7616 section 3.4.6: what does not answer the challenge that was made is asked again.
            return DigestVerdict.Missing;
        }

        if (!TryReadNonce(answer.Nonce, from, out long made))
        {
            return DigestVerdict.Stale;
        }

        if (!IsRight(answer, request, out user))
        {
            return DigestVerdict.Wrong;
        }

        // The count moves last: only who knows the password uses a nonce up.
        Instant until = new Instant(made) + settings.NonceLifetime;
        bool isFresh = now <= until && _counts.TryTake(answer.Nonce, count, until, now);
        user = isFresh ? user : null;
        return isFresh ? DigestVerdict.Accepted : DigestVerdict.Stale;
    }

    /// <summary>Computes the answer of every account, whichever is named, so that the time tells nobody who exists.</summary>
    private bool IsRight(in DigestAuthorization answer, in SipMessage request, out string? user)
    {
        user = null;
        DigestAlgorithm algorithm = answer.Algorithm ?? DigestAlgorithm.Sha256;
        byte[] second = DigestResponse.Hash(algorithm, [.. SipMethods.Name(request.Method), (byte)':', .. answer.Uri]);
        foreach (CallerAccount account in settings.Accounts)
        {
            byte[] name = Encoding.UTF8.GetBytes(account.User);
            byte[] password = Encoding.UTF8.GetBytes(account.Password.Reveal());
            byte[] first = DigestResponse.Hash(algorithm, [.. name, (byte)':', .. _realm, (byte)':', .. password]);
            CryptographicOperations.ZeroMemory(password);
            byte[] expected = DigestResponse.Hash(
                algorithm,
                [
                    .. first, (byte)':', .. answer.Nonce, (byte)':', .. answer.NonceCount, (byte)':', .. answer.ClientNonce,
                    .. ":auth:"u8, .. second,
                ]);
            bool isProven = CryptographicOperations.FixedTimeEquals(expected, answer.Response);
            user = isProven & answer.User.SequenceEqual(name) ? account.User : user;
        }

        return user is not null;
    }

    private string Challenge(string algorithm, string nonce, bool isStale) =>
        $"WWW-Authenticate: Digest realm=\"{settings.Realm}\", nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\""
        + (isStale ? ", stale=true\r\n" : "\r\n");

    private string Nonce(NetworkEndpoint from, long time)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(from, time, nonce);
        return Convert.ToHexStringLower(nonce);
    }

    private bool TryReadNonce(ReadOnlySpan<byte> text, NetworkEndpoint from, out long time)
    {
        time = 0;
        Span<byte> nonce = stackalloc byte[NonceBytes];
        if (text.Length != 2 * NonceBytes || Convert.FromHexString(text, nonce, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        time = BinaryPrimitives.ReadInt64BigEndian(nonce);
        Span<byte> expected = stackalloc byte[NonceBytes];
        WriteNonce(from, time, expected);
        return CryptographicOperations.FixedTimeEquals(nonce, expected);
    }

    /// <summary>The time, and a hash that only we can make over it and the address.</summary>
    private void WriteNonce(NetworkEndpoint from, long time, Span<byte> nonce)
    {
        Span<byte> contents = stackalloc byte[SealedBytes];
        _key.CopyTo(contents);
        BinaryPrimitives.WriteInt64BigEndian(contents[32..], time);
        BinaryPrimitives.WriteUInt128BigEndian(contents[40..], from.Address);
        contents.Slice(32, sizeof(long)).CopyTo(nonce);
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, contents, nonce[sizeof(long)..]);
    }

    private static byte[] NewKey(IRandomSource random)
    {
        byte[] key = new byte[32];
        random.Fill(key);
        return key;
    }
}
