using System;

namespace IntercomAgent.Sip;

/// <summary>
/// The header fields that every message has (RFC 3261 section 8.1.1), and Content-Length, gathered while the reader walks over the header
/// lines: one walk instead of one for each field.
/// </summary>
internal ref struct MandatoryFields()
{
    private int _viaLines;
    private int _fromLines;
    private int _toLines;
    private int _callIdLines;
    private int _cseqLines;
    private SipVia _via;

    /// <summary>From; empty when there is none.</summary>
    public ReadOnlySpan<byte> From { get; private set; }

    /// <summary>To; empty when there is none.</summary>
    public ReadOnlySpan<byte> To { get; private set; }

    /// <summary>Call-ID; empty when there is none.</summary>
    public ReadOnlySpan<byte> CallId { get; private set; }

    /// <summary>CSeq; empty when there is none.</summary>
    public ReadOnlySpan<byte> CSeq { get; private set; }

    /// <summary>The topmost Via.</summary>
    public readonly SipVia Via => _via;

    /// <summary>How many values Via has.</summary>
    public int Vias { get; private set; }

    /// <summary>Whether the topmost Via could be read.</summary>
    public bool HasTopVia { get; private set; }

    /// <summary>Whether each value of Via could be read.</summary>
    public bool AreViasSound { get; private set; } = true;

    /// <summary>Content-Length; -1 when there is none.</summary>
    public int ContentLength { get; private set; } = -1;

    /// <summary>Whether Content-Length, if it is there, is a number and does not contradict itself.</summary>
    public bool IsContentLengthSound { get; private set; } = true;

    /// <summary>Whether all of them are there, Content-Length aside.</summary>
    public readonly bool AreComplete => _viaLines > 0 && _fromLines > 0 && _toLines > 0 && _callIdLines > 0 && _cseqLines > 0;

    /// <summary>Whether From or To stands there more than once.</summary>
    public readonly bool IsAddressRepeated => _fromLines > 1 || _toLines > 1;

    /// <summary>Whether Call-ID stands there more than once.</summary>
    public readonly bool IsCallIdRepeated => _callIdLines > 1;

    /// <summary>Whether CSeq stands there more than once.</summary>
    public readonly bool IsCSeqRepeated => _cseqLines > 1;

    /// <summary>Takes the next header line; of a field that is repeated the first one counts.</summary>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (SipHeaders.Matches(SipHeaderName.Via, name))
        {
            _viaLines++;
            TakeVias(value);
        }
        else if (SipHeaders.Matches(SipHeaderName.From, name))
        {
            From = _fromLines++ == 0 ? value : From;
        }
        else if (SipHeaders.Matches(SipHeaderName.To, name))
        {
            To = _toLines++ == 0 ? value : To;
        }
        else if (SipHeaders.Matches(SipHeaderName.CallId, name))
        {
            CallId = _callIdLines++ == 0 ? value : CallId;
        }
        else if (SipHeaders.Matches(SipHeaderName.CSeq, name))
        {
            CSeq = _cseqLines++ == 0 ? value : CSeq;
        }
        else if (SipHeaders.Matches(SipHeaderName.ContentLength, name))
        {
            TakeContentLength(value);
        }
    }

    private void TakeVias(ReadOnlySpan<byte> value)
    {
        while (SipGrammar.TryTakeElement(ref value, out ReadOnlySpan<byte> element))
        {
            if (element.IsEmpty)
            {
                continue;
            }

            bool isRead = SipVia.TryRead(element, out SipVia via);
            AreViasSound &= isRead;
            if (Vias++ == 0)
            {
                HasTopVia = isRead;
                _via = via;
            }
        }
    }

    private void TakeContentLength(ReadOnlySpan<byte> value)
    {
        IsContentLengthSound &= SipGrammar.TryReadNumber(value, out int length) && (ContentLength < 0 || ContentLength == length);
        ContentLength = length;
    }
}
