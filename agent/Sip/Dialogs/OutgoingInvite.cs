using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>An INVITE of ours and the ACKs for the 2xx that it brought, one for each branch of a fork.</summary>
/// <param name="transaction">The transaction.</param>
/// <param name="isInitial">Whether it makes the dialog; else it is a re-INVITE.</param>
internal sealed class OutgoingInvite(ClientTransaction transaction, bool isInitial)
{
    private readonly List<(byte[] Tag, byte[] Ack, NetworkEndpoint To)> _acks = [];

    /// <summary>The transaction.</summary>
    public ClientTransaction Transaction => transaction;

    /// <summary>Whether it makes the dialog.</summary>
    public bool IsInitial => isInitial;

    /// <summary>How many branches answered.</summary>
    public int Answers => _acks.Count;

    /// <summary>Keeps the ACK for a branch that answered.</summary>
    public void Keep(byte[] tag, byte[] ack, NetworkEndpoint to) => _acks.Add((tag, ack, to));

    /// <summary>Finds the ACK for a branch that has answered before.</summary>
    public bool TryFind(ReadOnlySpan<byte> tag, out byte[] ack, out NetworkEndpoint to)
    {
        foreach ((byte[] known, byte[] message, NetworkEndpoint destination) in _acks)
        {
            if (tag.SequenceEqual(known))
            {
                ack = message;
                to = destination;
                return true;
            }
        }

        ack = [];
        to = default;
        return false;
    }
}
