using System.Collections.Generic;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// The send queues of sockets that are closed, for those that open next. Their memory does not move, so that only a collection of the
/// whole heap would take it back: with every call's own, short calls would bring one collection after the other.
/// </summary>
internal sealed class SendQueuePool
{
    /// <summary>Queues that are kept: 27 KB each, for more calls at one time than a house holds.</summary>
    public const int Capacity = 32;

    private readonly Stack<SendQueue> _free = new();

    /// <summary>How many wait for a socket.</summary>
    public int Free => _free.Count;

    /// <summary>An empty queue; the caller's until it gives it back.</summary>
    public SendQueue Take() => _free.TryPop(out SendQueue? queue) ? queue : new SendQueue();

    /// <summary>Takes back an empty queue that nobody uses any more.</summary>
    public void GiveBack(SendQueue queue)
    {
        if (_free.Count < Capacity)
        {
            _free.Push(queue);
        }
    }
}
