namespace IntercomAgent.Sip;

/// <summary>The bounds that keep a hostile peer from costing more than an honest one.</summary>
internal static class SipLimits
{
    /// <summary>
    /// Bytes of a received message: twice what the socket's batch keeps, so that a stream transport may bring longer ones.
    /// </summary>
    public const int ReceivedMessage = 8192;

    /// <summary>
    /// Bytes of a message that is sent. What is copied from the peer comes from at most three of its messages (dialog, target refresh,
    /// challenge), and our own part with its body is below 7 KB, so a message always fits.
    /// </summary>
    public const int SentMessage = 32768;

    /// <summary>
    /// Bytes of a session description that is sent: several times what an audio offer with fingerprints and candidates takes.
    /// </summary>
    public const int SentBody = 6144;

    /// <summary>
    /// Bytes of a URI that is called, or that a peer names as its Contact: it stands in the request and in each of its credentials.
    /// </summary>
    public const int TargetUri = 1024;

    /// <summary>
    /// Bytes of a challenge that is answered: several times what known registrars send, and four of them fit into a request.
    /// </summary>
    public const int Challenge = 1024;

    /// <summary>Bytes of the credentials of a caller: its user name, our own nonce and realm, the URI, and twice as much again.</summary>
    public const int Credentials = 2048;

    /// <summary>Values of Via: Max-Forwards begins at 70, so that no honest request has passed more hops.</summary>
    public const int Vias = 70;

    /// <summary>Header lines of a message: long chains of proxies bring about 40.</summary>
    public const int Headers = 100;

    /// <summary>Routes that a dialog keeps: twice the hops that real networks put on record.</summary>
    public const int Routes = 16;

    /// <summary>Server transactions at one time: each costs a copy of its request for 32 s, and a door is never asked so much.</summary>
    public const int ServerTransactions = 256;

    /// <summary>Connections at one time, both ways: a door has one to its registrar, and one to each telephone without one.</summary>
    public const int Connections = 32;

    /// <summary>
    /// Bytes that wait for a TLS handshake: some messages; more than that nobody says before the peer is known.
    /// </summary>
    public const int WaitingForHandshake = 16_384;

    /// <summary>Connections at one time from one address: a house behind one translator has fewer telephones that call a door.</summary>
    public const int ConnectionsPerAddress = 8;

    /// <summary>
    /// Bytes of a request from which on it goes by TCP rather than in a datagram that may have to be fragmented (RFC 3261 section 18.1.1).
    /// </summary>
    public const int LargestDatagram = 1300;

    /// <summary>Calls at one time that are not over: a door has one that is up, and rings a few.</summary>
    public const int Calls = 64;

    /// <summary>
    /// Calls that are kept, those included that are over: each for 32 s, until no answer to it can come any more (RFC 6026 section 7.2).
    /// A button that rings eight telephones at once may be pressed every other second for as long.
    /// </summary>
    public const int KeptCalls = 128;

    /// <summary>Branches of a fork that are ended one by one when they answer late: a house has fewer phones.</summary>
    public const int Forks = 16;

    /// <summary>2xx that are acknowledged after a call is over: as many as six phones send that repeat theirs for 64*T1.</summary>
    public const int LateAnswers = 64;

    /// <summary>Contacts of a redirection that are looked at: as many as a button has targets.</summary>
    public const int Redirections = 8;

    /// <summary>Re-INVITEs that are tried once more because both sides sent one: random waits make a fifth meeting absurd.</summary>
    public const int Glares = 4;

    /// <summary>
    /// Challenges that are kept, and that one request follows: one from a proxy, one from the registrar, each once renewed.
    /// </summary>
    public const int Challenges = 4;
}
