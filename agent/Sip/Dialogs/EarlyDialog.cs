using System;

namespace IntercomAgent.Sip;

/// <summary>One branch of a fork before its 2xx: the dialog of its provisional responses, and what it has said in them.</summary>
internal sealed class EarlyDialog(Dialog dialog)
{
    private int _lastReliable;

    /// <summary>The dialog.</summary>
    public Dialog Dialog => dialog;

    /// <summary>The session description that came last; empty before the first.</summary>
    public byte[] Answer { get; private set; } = [];

    /// <summary>
    /// Whether a reliable response brought the answer to our offer: it is the answer for good (RFC 3262 section 5), and either side may
    /// make another offer by UPDATE.
    /// </summary>
    public bool IsAnswered { get; private set; }

    /// <summary>
    /// Takes the RSeq of a reliable response. False for one that came before, and for one behind a gap, which the peer repeats once the
    /// missing one is acknowledged (RFC 3262 section 4).
    /// </summary>
    public bool TryTakeReliable(int number)
    {
        if (_lastReliable != 0 && number != _lastReliable + 1)
        {
            return false;
        }

        _lastReliable = number;
        return true;
    }

    /// <summary>Takes a session description; false when it says nothing new.</summary>
    public bool TryTakeAnswer(ReadOnlySpan<byte> answer, bool isReliable)
    {
        if (answer.IsEmpty || IsAnswered || (answer.SequenceEqual(Answer) && !isReliable))
        {
            return false;
        }

        Answer = answer.ToArray();
        IsAnswered = isReliable;
        return true;
    }
}
