using System;

namespace IntercomAgent.Sip;

/// <summary>
/// An INVITE of ours and the ACKs for the 2xx that it brought, one for each branch of a fork (RFC 3261 section 13.2.2.4).
/// </summary>
/// <param name="transaction">The transaction.</param>
/// <param name="isInitial">Whether it makes the dialog; else it is a re-INVITE.</param>
internal sealed class OutgoingInvite(ClientTransaction transaction, bool isInitial)
{
    private Acknowledgement[] _sent = [];

    /// <summary>The transaction.</summary>
    public ClientTransaction Transaction => transaction;

    /// <summary>Whether it makes the dialog.</summary>
    public bool IsInitial => isInitial;

    /// <summary>Whether we have given up waiting for this server, and asked another one: whatever it says now comes too late.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether it was cancelled after it was abandoned.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Whether what comes of it is still awaited.</summary>
    public bool IsOpen => transaction.IsWaiting && !IsAbandoned;

    /// <summary>Sends the ACK for a branch once more; false when the branch has not answered before.</summary>
    public bool TryAcknowledgeAgain(SipCore core, in SipMessage success)
    {
        foreach (Acknowledgement known in _sent)
        {
            if (success.To.Tag.SequenceEqual(known.Tag))
            {
                // Its next hop may have been found only since; by another transport it would have to say so in its Via.
                SipHop to = known.Dialog.NextHop();
                core.Outputs.Send(known.Message, to.Transport == known.To.Transport ? to : known.To);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether another branch may answer: not too many have.</summary>
    public bool MayBranch => _sent.Length < SipLimits.Forks;

    /// <summary>Acknowledges a 2xx in its dialog.</summary>
    public void Acknowledge(SipCore core, in SipMessage success, Dialog dialog)
    {
        Acknowledgement sent = new(success.To.Tag.ToArray(), dialog.Acknowledge(core, transaction.Request), dialog.NextHop(), dialog);
        _sent = [.. _sent, sent];
        core.Outputs.Send(sent.Message, sent.To);
    }

    private readonly record struct Acknowledgement(byte[] Tag, byte[] Message, SipHop To, Dialog Dialog);
}
