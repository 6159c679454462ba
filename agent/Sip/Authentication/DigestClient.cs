using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>
/// Answers 401 and 407 (RFC 3261 section 22, RFC 8760) for one call or registration. It remembers the challenges, so that later
/// requests carry credentials at once. A password proves itself to its account's registrar and proxy only: <see cref="SipFlows.IsServer"/>.
/// </summary>
/// <param name="core">Who we are, and where our accounts are.</param>
/// <param name="own">Whose password it is; null for that of whichever account has its server where the challenge came from.</param>
internal sealed class DigestClient(SipCore core, SipFlow? own)
{
    private Answered[] _challenges = [];

    /// <summary>Whether its requests need credentials.</summary>
    public bool HasChallenges => _challenges.Length > 0;

    /// <summary>
    /// Takes the challenges of a 401 or 407 and gives the request anew, with credentials; null when they cannot be answered or were
    /// answered in vain.
    /// </summary>
    /// <param name="refused">The request that was refused.</param>
    /// <param name="response">The response that refused it.</param>
    /// <param name="sequence">The number for CSeq of the new request.</param>
    public SipRequest? Answer(ClientTransaction refused, in SipMessage response, int sequence)
    {
        SipFlow? flow = own ?? core.Flows.Find(refused.Destination.Endpoint);
        if (flow?.LeadsTo(refused.Destination.Endpoint) != true || refused.Request.Challenges >= SipLimits.Challenges)
        {
            return null;
        }

        bool isAnswered = Take(response, isProxy: false, refused.Request, flow.Account)
            | Take(response, isProxy: true, refused.Request, flow.Account);
        return !isAnswered ? null : Authorize(refused.Request with
        {
            Branch = core.Identity.NewBranch(),
            SentBy = null,
            Sequence = sequence,
            Challenges = refused.Request.Challenges + 1,
        });
    }

    /// <summary>
    /// Whether the server has proven that it knows the password too, or does not say so (RFC 7616 section 3.5). If it names the nonce that
    /// it wants next, that is used from now on.
    /// </summary>
    public bool Accepts(in SipMessage response)
    {
        bool isRight = true;
        foreach (Answered answered in _challenges)
        {
            SipHeaderName header =
                answered.Challenge.IsProxy ? SipHeaderName.ProxyAuthenticationInfo : SipHeaderName.AuthenticationInfo;
            foreach (ReadOnlySpan<byte> field in response.Headers.Fields(header))
            {
                DigestProof proof = DigestProof.Read(field);
                bool isOfThis = proof.ClientNonce.SequenceEqual(answered.ClientNonce);
                isRight &= proof.Response.IsEmpty
                    || !isOfThis
                    || CryptographicOperations.FixedTimeEquals(proof.Response, answered.Compute(default, response.Body));
                answered.Renew(isRight && (isOfThis || proof.Response.IsEmpty) ? proof.NextNonce : default);
            }
        }

        return isRight;
    }

    /// <summary>The request with credentials for all challenges known so far; as it is when there are none.</summary>
    public SipRequest Authorize(SipRequest request)
    {
        byte[] lines = [];
        foreach (Answered answered in _challenges)
        {
            lines = [.. lines, .. Line(answered, request)];
        }

        return request with { Authorization = lines };
    }

    private bool Take(in SipMessage response, bool isProxy, SipRequest refused, SipAccount account)
    {
        bool isAnswered = false;
        List<DigestChallenge> best = [];
        SipHeaderName header = isProxy ? SipHeaderName.ProxyAuthenticate : SipHeaderName.WwwAuthenticate;
        foreach (ReadOnlySpan<byte> field in response.Headers.Fields(header))
        {
            if (DigestChallenge.TryRead(field, isProxy, out DigestChallenge challenge)
                && (account.AllowsMd5 || DigestAlgorithms.IsStrong(challenge.Algorithm)))
            {
                KeepStrongest(best, challenge);
            }
        }

        foreach (DigestChallenge challenge in best)
        {
            Answered? known = Array.Find(_challenges, other => other.Concerns(challenge));

            // The same question again, after an answer that was made for this very request: the password is wrong.
            bool isInVain = known is not null && known.FirstUse == refused.Challenges && refused.Challenges > 0 && !challenge.IsStale;
            if (!isInVain)
            {
                Answered[] others = Array.FindAll(_challenges, other => !other.Concerns(challenge));
                int first = Math.Max(0, others.Length + 1 - SipLimits.Challenges);
                _challenges = [.. others[first..], new Answered(challenge, account, refused.Challenges + 1)];
                isAnswered = true;
            }
        }

        return isAnswered;
    }

    // RFC 8760 section 2.4 would have the topmost one; by our own policy a strong hash wins, wherever it stands. Of two, the topmost.
    private static void KeepStrongest(List<DigestChallenge> best, DigestChallenge challenge)
    {
        int same = best.FindIndex(other => other.Realm.AsSpan().SequenceEqual(challenge.Realm));
        if (same < 0)
        {
            best.Add(challenge);
        }
        else if (!DigestAlgorithms.IsStrong(best[same].Algorithm) && DigestAlgorithms.IsStrong(challenge.Algorithm))
        {
            best[same] = challenge;
        }
    }

    private byte[] Line(Answered answered, SipRequest request)
    {
        DigestChallenge challenge = answered.Challenge;
        byte[] clientNonce = core.Identity.NewToken();
        byte[] nonceCount = Encoding.ASCII.GetBytes((++answered.Uses).ToString("x8", CultureInfo.InvariantCulture));
        (answered.ClientNonce, answered.Uri) = (clientNonce, request.RequestUri);
        byte[] proof = answered.Compute(SipMethods.Name(request.Method), request.Body);
        byte[] shown = challenge.HidesUser
            ? DigestResponse.Hash(challenge.Algorithm, [.. answered.User, (byte)':', .. challenge.Realm])
            : answered.User;
        bool hasQuality = challenge.Quality != DigestQuality.Legacy;
        return
        [
            .. SipHeaders.Name(challenge.IsProxy ? SipHeaderName.ProxyAuthorization : SipHeaderName.Authorization),
            .. ": Digest username=\""u8, .. shown,
            .. "\", realm=\""u8, .. challenge.Realm,
            .. "\", nonce=\""u8, .. challenge.Nonce,
            .. "\", uri=\""u8, .. request.RequestUri,
            .. "\", response=\""u8, .. proof, .. "\""u8,
            .. challenge.AlgorithmName is null ? [] : Parameter(", algorithm="u8, challenge.AlgorithmName),
            .. hasQuality ? Parameter(", qop="u8, [.. DigestResponse.QualityName(challenge.Quality), .. ", nc="u8, .. nonceCount]) : [],
            .. hasQuality || challenge.IsSession ? Parameter(", cnonce=\""u8, [.. clientNonce, (byte)'"']) : [],
            .. challenge.HidesUser ? ", userhash=true"u8 : default,
            .. challenge.Opaque is null ? [] : Parameter(", opaque=\""u8, [.. challenge.Opaque, (byte)'"']),
            .. "\r\n"u8,
        ];
    }

    private static byte[] Parameter(ReadOnlySpan<byte> begin, byte[] value) => [.. begin, .. value];

    /// <summary>A challenge that credentials are made for.</summary>
    /// <param name="challenge">The challenge.</param>
    /// <param name="account">Whose password answers it.</param>
    /// <param name="firstUse">Which repetition of its request was the first to carry the answer.</param>
    private sealed class Answered(DigestChallenge challenge, SipAccount account, int firstUse)
    {
        public DigestChallenge Challenge { get; private set; } = challenge;

        public SipAccount Account => account;

        public int FirstUse => firstUse;

        /// <summary>The user name, escaped as it stands in its quotes.</summary>
        public byte[] User { get; } = Encoding.UTF8.GetBytes(
            account.User.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));

        public int Uses { get; set; }

        /// <summary>What the last answer was made with.</summary>
        public byte[] ClientNonce { get; set; } = [];

        public byte[] Uri { get; set; } = [];

        /// <summary>A proof with what the last answer was made with: our own, or the server's, which names no method.</summary>
        public byte[] Compute(ReadOnlySpan<byte> method, ReadOnlySpan<byte> body) => DigestResponse.Compute(
            Challenge,
            User,
            Encoding.UTF8.GetBytes(account.Password.Reveal()),
            method,
            Uri,
            Encoding.ASCII.GetBytes(Uses.ToString("x8", CultureInfo.InvariantCulture)),
            ClientNonce,
            body);

        /// <summary>The server names the nonce that it wants next; empty when it does not.</summary>
        public void Renew(ReadOnlySpan<byte> nonce)
        {
            if (nonce.Length is > 0 and <= SipLimits.Challenge && !nonce.ContainsAny("\"\\\r\n"u8))
            {
                Challenge = Challenge with { Nonce = nonce.ToArray() };
                Uses = 0;
            }
        }

        public bool Concerns(DigestChallenge other) =>
            other.IsProxy == Challenge.IsProxy && other.Realm.AsSpan().SequenceEqual(Challenge.Realm);
    }
}
