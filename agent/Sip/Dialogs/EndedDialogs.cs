using System.Runtime.CompilerServices;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The dialogs of calls that were over a short while ago: who wants to take the place of one comes too late, and is to be told so rather
/// than that there never was one (RFC 3891 section 3).
/// </summary>
internal sealed class EndedDialogs
{
    private readonly TimedTable<byte> _dialogs = new();

    /// <summary>When the first of them is to be forgotten.</summary>
    public Instant WakeAt => _dialogs.WakeAt;

    /// <summary>Keeps the dialog of a call in mind, as long as there is room.</summary>
    public void Keep(Dialog dialog, Instant until)
    {
        if (_dialogs.Count < SipLimits.KeptCalls)
        {
            _dialogs.Keep(TransactionKey.OfDialog(dialog.CallId, dialog.LocalTag, dialog.RemoteTag), 0, until);
        }
    }

    /// <summary>Whether one of them is meant.</summary>
    public bool Contains(in ReplacedDialog dialog) =>
        !Unsafe.IsNullRef(
            ref _dialogs.Find(TransactionKey.OfDialog(dialog.CallId, dialog.ToTag, dialog.FromTag)));

    /// <summary>Forgets those whose time is over.</summary>
    public void Advance(Instant now) => _dialogs.Advance(now);
}
