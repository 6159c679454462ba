namespace IntercomAgent.Calls;

/// <summary>What a station keeps alive for its calls, counted by those who own it.</summary>
/// <param name="Calls">Calls with their media port, description, DTLS association and SRTP contexts.</param>
/// <param name="Dialogs">Calls that signalling keeps, those included that are over and still tidy up.</param>
/// <param name="Transactions">SIP transactions.</param>
/// <param name="NamedCalls">Calls that the station has not seen the end of.</param>
internal readonly record struct LiveCounts(int Calls, int Dialogs, int Transactions, int NamedCalls = 0);
