using System;

namespace IntercomAgent.Sip;

/// <summary>What a step of a transaction asks of the transaction layer.</summary>
[Flags]
internal enum TransactionActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send the request, or the last response, once more.</summary>
    Send = 1,

    /// <summary>Acknowledge a final response other than 2xx.</summary>
    Acknowledge = 2,

    /// <summary>Pass the message on to the transaction's user.</summary>
    Tell = 4,

    /// <summary>Tell the transaction's user that nobody answered.</summary>
    TimedOut = 8,

    /// <summary>Tell the transaction's user that the network says that nobody is there.</summary>
    Unreachable = 16,
}
