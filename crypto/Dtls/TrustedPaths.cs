using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>The paths that signalling has named for the peer.</summary>
internal sealed class TrustedPaths
{
    // Enough for the candidate pairs that ICE finds to work at one time; the oldest makes room.
    private const int Capacity = 8;

    private readonly List<TransportPath> _paths = [];

    /// <summary>Whether signalling has named the path.</summary>
    public bool Contains(TransportPath path) => _paths.Contains(path);

    /// <summary>Adds a path.</summary>
    public void Add(TransportPath path)
    {
        _ = _paths.Remove(path);
        if (_paths.Count == Capacity)
        {
            _paths.RemoveAt(0);
        }

        _paths.Add(path);
    }
}
