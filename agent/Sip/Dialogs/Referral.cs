using System;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>What a REFER asks for (RFC 3515 section 2.1): whom to call, and what the INVITE has to say.</summary>
/// <param name="Target">The URI to call, without headers.</param>
/// <param name="Fields">The header lines that go into the INVITE: Replaces (RFC 3891) and Referred-By (RFC 3892).</param>
/// <param name="HasSubscription">Whether who asks wants to hear what comes of it (RFC 4488).</param>
internal sealed record Referral(string Target, byte[] Fields, bool HasSubscription)
{
    /// <summary>Reads a REFER; the status with which it is to be refused, and null, when it asks for what we cannot do.</summary>
    public static int Read(in SipMessage refer, out Referral? referral)
    {
        referral = null;
        int count = 0;
        NameAddress to = default;
        bool isAddress = false;

        // A URI without brackets may hold a comma: each field counts as one value.
        foreach (ReadOnlySpan<byte> value in refer.Headers.Fields(SipHeaderName.ReferTo))
        {
            count++;
            isAddress = NameAddress.TryRead(value, out to);
        }

        if (count != 1 || !isAddress)
        {
            return 400;
        }

        if (!SipUri.TryRead(to.Uri, out SipUri uri) || uri.Scheme == SipScheme.Tel)
        {
            return 416;
        }

        bool isCall = !SipGrammar.TryFindParameter(uri.Parameters, "method"u8, out ReadOnlySpan<byte> method)
            || method.SequenceEqual("INVITE"u8);
        if (!isCall || uri.Text.Length > SipLimits.TargetUri)
        {
            return 403;
        }

        if (!TryReadReplaces(uri.Headers, out byte[] replaces))
        {
            return 400;
        }

        int headers = uri.Headers.IsEmpty ? 0 : uri.Headers.Length + 1;
        bool isUnheard = SipGrammar.EqualsIgnoreCase(refer.Headers.Find(SipHeaderName.ReferSub), "false"u8);
        string target = Encoding.UTF8.GetString(uri.Text[..^headers]);
        referral = new Referral(target, [.. replaces, .. ReferredBy(refer)], !isUnheard);
        return 0;
    }

    /// <summary>The Replaces line that the headers of a URI ask for; empty when they ask for none, false when there is no sense in it.</summary>
    private static bool TryReadReplaces(ReadOnlySpan<byte> headers, out byte[] line)
    {
        line = [];
        while (!headers.IsEmpty)
        {
            int end = headers.IndexOf((byte)'&');
            ReadOnlySpan<byte> header = end < 0 ? headers : headers[..end];
            headers = end < 0 ? default : headers[(end + 1)..];
            int equals = header.IndexOf((byte)'=');
            if (equals < 0 || !SipGrammar.EqualsIgnoreCase(header[..equals], "Replaces"u8))
            {
                continue;
            }

            if (line.Length > 0
                || !SipGrammar.TryUnescape(header[(equals + 1)..], out byte[] value)
                || !ReplacedDialog.TryRead(value, out ReplacedDialog replaced))
            {
                return false;
            }

            line = replaced.ToLine();
        }

        return true;
    }

    /// <summary>RFC 3892 section 2.2: who was referred says by whom. Without a signature, which we could not pass on whole.</summary>
    private static byte[] ReferredBy(in SipMessage refer) =>
        NameAddress.TryRead(refer.Headers.Find(SipHeaderName.ReferredBy), out NameAddress by)
        && SipUri.TryRead(by.Uri, out SipUri uri)
        && uri.Text.Length <= SipLimits.TargetUri
            ? [.. "Referred-By: <"u8, .. by.Uri, .. ">\r\n"u8]
            : [];
}
