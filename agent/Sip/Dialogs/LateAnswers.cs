using System.Runtime.CompilerServices;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// What is left of the accepted INVITEs of calls that are over, until Timer M: each 2xx that still comes is acknowledged, and a branch
/// of a fork that answers only now is ended (RFC 6026 section 7.2).
/// </summary>
internal sealed class LateAnswers(SipCore core)
{
    private readonly TimedTable<AcceptedInvite> _invites = new();

    /// <summary>How many INVITEs may still be answered.</summary>
    public int Count => _invites.Count;

    /// <summary>When the first of them is to be forgotten.</summary>
    public Instant WakeAt => _invites.WakeAt;

    /// <summary>Takes over the INVITE of a call that is over from its transaction, which ends.</summary>
    /// <param name="transaction">The transaction, in the state Accepted.</param>
    /// <param name="confirmed">The tag of the peer whose call it was.</param>
    /// <param name="digest">The credentials of the call.</param>
    public void Keep(ClientTransaction transaction, byte[] confirmed, DigestClient digest)
    {
        SipRequest request = transaction.Request;
        AcceptedInvite invite = new()
        {
            Call = transaction.Call,
            Sequence = request.Sequence,
            SentBy = request.SentBy ?? core.Identity.SentBy(request.Transport),
            Authorization = request.Authorization,
            Digest = digest.HasChallenges ? digest : null,
            Confirmed = TransactionKey.OfTag(confirmed),
        };
        _invites.Keep(transaction.Key, invite, transaction.WakeAt);
        core.Transactions.Terminate(transaction);
    }

    /// <summary>Takes in a response that no transaction waits for; false when it is none of ours.</summary>
    public bool TryReceive(in SipMessage response, SipHop from, Instant now)
    {
        ref AcceptedInvite invite = ref _invites.Find(TransactionKey.OfClient(response.Via.Branch, response.Method));
        if (Unsafe.IsNullRef(ref invite) || !SipGrammar.EqualsIgnoreCase(response.Via.SentBy, invite.SentBy))
        {
            return false;
        }

        SipRequest request = SipRequest.Accepted(response.Headers.Find(SipHeaderName.From), invite.Sequence, invite.Authorization);
        if (response.Status is >= 200 and < 300
            && invite.Answers < SipLimits.LateAnswers
            && Dialog.TryFromResponse(request, response, from, out Dialog? dialog))
        {
            invite.Answers++;
            core.Outputs.Send(dialog.Acknowledge(core, request), dialog.NextHop());
            if (TransactionKey.OfTag(dialog.RemoteTag) != invite.Confirmed)
            {
                dialog.EndFork(core, invite.Digest, invite.Call, now);
            }
        }

        return true;
    }

    /// <summary>Forgets the INVITEs whose time is over.</summary>
    public void Advance(Instant now) => _invites.Advance(now);

    private record struct AcceptedInvite
    {
        public required int Call { get; init; }

        public required int Sequence { get; init; }

        public required byte[] SentBy { get; init; }

        public required byte[] Authorization { get; init; }

        public required DigestClient? Digest { get; init; }

        public required TransactionKey Confirmed { get; init; }

        public int Answers { get; set; }
    }
}
