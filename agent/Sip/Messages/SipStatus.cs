namespace IntercomAgent.Sip;

/// <summary>The reason phrases of RFC 3261 section 21 that we send, or show where a peer sends none.</summary>
internal static class SipStatus
{
    /// <summary>What a status means; for a status without a phrase of its own, what its class means (section 8.1.3.2).</summary>
    public static string Phrase(int status) => status switch
    {
        100 => "Trying",
        180 => "Ringing",
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        469 => "Bad Info Package",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "Version Not Supported",
        603 => "Decline",
        _ => (status / 100) switch
        {
            1 => "Session Progress",
            2 => "OK",
            3 => "Moved",
            4 => "Request Failure",
            5 => "Server Failure",
            _ => "Global Failure",
        },
    };
}
