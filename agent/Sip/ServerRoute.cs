using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;

namespace IntercomAgent.Sip;

/// <summary>
/// The servers that one request may go to, one after another (RFC 3263 section 4.3). Those that failed not long ago come last, in their
/// order; where the name system knows none at all, there may be somebody who knows the way.
/// </summary>
/// <param name="locator">Who finds them.</param>
/// <param name="search">The search for the name.</param>
/// <param name="otherwise">Who knows the way when the name system does not.</param>
/// <param name="flow">Whose Service-Route begins with the name, so that its servers are that account's; null where none does.</param>
internal sealed class ServerRoute(ServerLocator locator, TargetSearch search, SipHop? otherwise, SipFlow? flow = null)
{
    private readonly Queue<SipHop> _failed = new();
    private SipHop? _next;
    private bool _isAnyFound;

    /// <summary>Why there is no server, as a sentence without its end.</summary>
    public string Problem => search.Problem;

    /// <summary>Who finds the servers.</summary>
    public ServerLocator Locator => locator;

    /// <summary>Looks whether there is another server, without taking it.</summary>
    public SearchState Look(Instant now)
    {
        while (_next is null)
        {
            switch (locator.Next(search, now, out SipHop server))
            {
                case SearchState.Waiting:
                    return SearchState.Waiting;
                case SearchState.Found when locator.HasFailed(server, now):
                    _isAnyFound = true;
                    _failed.Enqueue(server);
                    break;
                case SearchState.Found:
                    _isAnyFound = true;
                    _next = server;
                    break;
                default:
                    _next = _failed.TryDequeue(out SipHop failed) ? failed : _isAnyFound ? null : otherwise;
                    _isAnyFound = true;
                    if (_next is null)
                    {
                        return SearchState.Exhausted;
                    }

                    break;
            }
        }

        return SearchState.Found;
    }

    /// <summary>Takes the next server, if <see cref="Look"/> finds one.</summary>
    public SearchState Next(Instant now, out SipHop server)
    {
        SearchState state = Look(now);
        server = _next ?? default;
        _next = state == SearchState.Found ? null : _next;
        if (state == SearchState.Found)
        {
            flow?.NoteOnRoute(server);
        }

        return state;
    }
}
