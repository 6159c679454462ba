using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Calls;

namespace IntercomAgent;

/// <summary>What each account's registrar said last, and what that comes to for a person who asks.</summary>
/// <param name="accounts">What a person calls the accounts, the preferred first.</param>
internal sealed class RegistrationTally(IReadOnlyList<string> accounts)
{
    private readonly RegistrationEvent?[] _last = new RegistrationEvent?[accounts.Count];
    private readonly string[] _names = [.. accounts];

    /// <summary>Whether there is anybody to register with.</summary>
    public bool HasAccounts => _names.Length > 0;

    /// <summary>Whether a person has to be told which account is meant.</summary>
    public bool IsOneOfSeveral => _names.Length > 1;

    /// <summary>
    /// Registered with the first account that holds; not registered once all have failed, and then what the preferred one says. Null
    /// before.
    /// </summary>
    public RegistrationEvent? Overall =>
        Array.Find(_last, static last => last is { Problem: null }) ?? (_last.Contains(null) ? null : _last.FirstOrDefault());

    /// <summary>Takes in what a registrar says; false when it said the same before.</summary>
    public bool TryTake(RegistrationEvent happened)
    {
        int index = Array.IndexOf(_names, happened.Account);
        bool isNew = index >= 0 && _last[index] != happened;
        if (isNew)
        {
            _last[index] = happened;
        }

        return isNew;
    }
}
