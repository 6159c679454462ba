using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Primitives;

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
            if (DigestChallenge.TryRead(field, isProxy, out DigestChallenge challenge))
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

    // RFC 8760 section 2.4 would have the topmost one; by our own policy the strongest hash wins, wherever it stands.
    private static void KeepStrongest(List<DigestChallenge> best, DigestChallenge challenge)
    {
        int same = best.FindIndex(other => other.Realm.AsSpan().SequenceEqual(challenge.Realm));
        if (same < 0)
        {
            best.Add(challenge);
        }
        else if (best[same].Algorithm != DigestAlgorithm.Sha256 && challenge.Algorithm == DigestAlgorithm.Sha256)
        {
            best[same] = challenge;
        }
    }

    private byte[] Line(Answered answered, SipRequest request)
    {
        DigestChallenge challenge = answered.Challenge;
        string user = answered.Account.User.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        byte[] clientNonce = core.Identity.NewToken();
        string nonceCount = (++answered.Uses).ToString("x8", CultureInfo.InvariantCulture);
        byte[] proof = DigestResponse.Compute(
            challenge,
            Encoding.UTF8.GetBytes(user),
            Encoding.UTF8.GetBytes(answered.Account.Password.Reveal()),
            SipMethods.Name(request.Method),
            request.RequestUri,
            Encoding.ASCII.GetBytes(nonceCount),
            clientNonce);
        return
        [
            .. SipHeaders.Name(challenge.IsProxy ? SipHeaderName.ProxyAuthorization : SipHeaderName.Authorization),
            .. ": Digest username=\""u8, .. Encoding.UTF8.GetBytes(user),
            .. "\", realm=\""u8, .. challenge.Realm,
            .. "\", nonce=\""u8, .. challenge.Nonce,
            .. "\", uri=\""u8, .. request.RequestUri,
            .. "\", response=\""u8, .. proof, .. "\""u8,
            .. challenge.AlgorithmName is null ? [] : Parameter(", algorithm="u8, challenge.AlgorithmName),
            .. challenge.HasQop ? Parameter(", qop=auth, nc="u8, Encoding.ASCII.GetBytes(nonceCount)) : [],
            .. challenge.HasQop || challenge.IsSession ? Parameter(", cnonce=\""u8, [.. clientNonce, (byte)'"']) : [],
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
        public DigestChallenge Challenge => challenge;

        public SipAccount Account => account;

        public int FirstUse => firstUse;

        public int Uses { get; set; }

        public bool Concerns(DigestChallenge other) =>
            other.IsProxy == challenge.IsProxy && other.Realm.AsSpan().SequenceEqual(challenge.Realm);
    }
}
