using System;
using System.Text;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>The computation that proves that we know the password (RFC 7616 section 3.4.1).</summary>
internal static class DigestResponse
{
    /// <summary>The response in lower-case hexadecimal digits.</summary>
    /// <param name="challenge">What is answered.</param>
    /// <param name="user">The user name, escaped as it stands in its quotes.</param>
    /// <param name="password">The password.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="nonceCount">How often the nonce has been used, this time included: 8 hexadecimal digits.</param>
    /// <param name="clientNonce">Our own nonce.</param>
    /// <param name="body">The body, which counts where the challenge asks for that.</param>
    public static byte[] Compute(
        DigestChallenge challenge,
        ReadOnlySpan<byte> user,
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> uri,
        ReadOnlySpan<byte> nonceCount,
        ReadOnlySpan<byte> clientNonce,
        ReadOnlySpan<byte> body)
    {
        DigestAlgorithm algorithm = challenge.Algorithm;
        byte[] first = Hash(algorithm, [.. user, (byte)':', .. challenge.Realm, (byte)':', .. password]);
        if (challenge.IsSession)
        {
            first = Hash(algorithm, [.. first, (byte)':', .. challenge.Nonce, (byte)':', .. clientNonce]);
        }

        byte[] second = [.. method, (byte)':', .. uri];
        if (challenge.Quality == DigestQuality.AuthInt)
        {
            second = [.. second, (byte)':', .. Hash(algorithm, body)];
        }

        second = Hash(algorithm, second);
        return challenge.Quality == DigestQuality.Legacy
            ? Hash(algorithm, [.. first, (byte)':', .. challenge.Nonce, (byte)':', .. second])
            : Hash(
                algorithm,
                [
                    .. first, (byte)':', .. challenge.Nonce, (byte)':', .. nonceCount, (byte)':', .. clientNonce, (byte)':',
                    .. QualityName(challenge.Quality), (byte)':', .. second,
                ]);
    }

    /// <summary>What qop says; empty in the legacy form, which has none.</summary>
    public static ReadOnlySpan<byte> QualityName(DigestQuality quality) => quality switch
    {
        DigestQuality.Auth => "auth"u8,
        DigestQuality.AuthInt => "auth-int"u8,
        DigestQuality.Legacy => default,
    };

    /// <summary>The hash in lower-case hexadecimal digits.</summary>
    public static byte[] Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        int length = MessageDigest.Compute(algorithm, data, hash);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash[..length]));
    }
}
