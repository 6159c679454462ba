using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>The reader of SIP messages, and of everything that is read out of a message later.</summary>
internal sealed class SipMessageTarget : IFuzzTarget
{
    public string Name => "sip-message";

    public bool IsText => true;

    public long AllocationLimit => 1 << 20;

    public IEnumerable<FuzzInput> Seeds() =>
    [
        .. Corpus.TortureMessages(),
        .. Corpus.SipMessages(),
        new FuzzInput([.. SipConversation.ToCallee()]),
        new FuzzInput([.. SipConversation.ToCaller()]),
    ];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        foreach (byte[] datagram in input.Datagrams)
        {
            SipReading reading = SipMessageReader.Read(datagram, out SipMessage message, out SipDropReason reason);
            signature.Add(((int)reading << 16) | ((int)reason << 8) | (int)message.Method);
            if (reading != SipReading.Nothing)
            {
                Look(message, ref signature);
            }
        }

        return signature.Value;
    }

    private static void Look(in SipMessage message, ref Signature signature)
    {
        foreach (SipHeaderName name in Enum.GetValues<SipHeaderName>())
        {
            foreach (ReadOnlySpan<byte> value in message.Headers.Values(name))
            {
                signature.Add(NameAddress.TryRead(value, out NameAddress address) ? 1 : 0);
                _ = address.Tag;
                _ = address.ReadableName();
                signature.Add(SipUri.TryRead(address.Uri, out SipUri uri) ? 1 : 0);
                _ = uri.Transport;
                _ = SipHop.TryRead(address.Uri, out _);
            }

            foreach (ReadOnlySpan<byte> field in message.Headers.Fields(name))
            {
                signature.Add(DigestChallenge.TryRead(field, isProxy: false, out _) ? 1 : 0);
                signature.Add(SipVia.TryRead(field, out _) ? 1 : 0);
            }

            signature.Add(message.Headers.TryFindNumber(name, out _) ? 1 : 0);
        }

        signature.Add(InfoDigits.TryRead(message.Body, out char key) ? key : 0);
        signature.Add(RequestInspection.Inspect(message, SipConversation.CallerAddress, transfers: true, out _));
        _ = ReasonText.Of(message, string.Empty);
        _ = Encoding.Latin1.GetString(message.SessionDescription);
    }
}
