using System;

namespace IntercomAgent.Sip;

/// <summary>
/// How long to wait before a registration that failed is tried again (RFC 5626 section 4.5): twice as long after each failure, and between
/// half and the whole of that, so that not all doors of a town come back at once.
/// </summary>
internal static class RegistrationRetry
{
    /// <summary>What doubles while no account of ours is registered: the first wait is up to a minute.</summary>
    private static readonly TimeSpan BaseIfAllFailed = TimeSpan.FromSeconds(30);

    /// <summary>What doubles while another account is registered.</summary>
    private static readonly TimeSpan BaseIfNotAllFailed = TimeSpan.FromSeconds(90);

    /// <summary>The longest wait while another account is registered: the RFC's own.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The longest wait while none is. The RFC lets it be configured, and has half an hour for the users of a provider; but a door that
    /// nobody can call is a door that nobody can open from indoors, and its registrar is mostly a box in the same house, which was only
    /// restarted. A few doors that ask it every five minutes are no load.
    /// </summary>
    private static readonly TimeSpan LongestIfAllFailed = TimeSpan.FromMinutes(5);

    /// <summary>The wait.</summary>
    /// <param name="failures">Failures in a row, 1 or more.</param>
    /// <param name="isAnotherRegistered">Whether another account of ours is registered.</param>
    /// <param name="identity">Where chance comes from.</param>
    public static TimeSpan Wait(int failures, bool isAnotherRegistered, SipIdentity identity)
    {
        TimeSpan longest = isAnotherRegistered ? Longest : LongestIfAllFailed;
        TimeSpan wait = isAnotherRegistered ? BaseIfNotAllFailed : BaseIfAllFailed;
        for (int doubled = 0; doubled < failures && wait < longest; doubled++)
        {
            wait *= 2;
        }

        wait = wait < longest ? wait : longest;
        return (wait / 2) + (wait / 2 * identity.Pick(1001) / 1000);
    }
}
