using System;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>Handshakes of two of our endpoints.</summary>
internal sealed class OurHandshakes(NamedGroup group, Credentials client, Credentials server)
{
    private static readonly TransportPath ClientPath = new(0x0A00_0001, 4000);
    private static readonly TransportPath ServerPath = new(0x0A00_0002, 5000);

    private readonly DtlsSettings _client = Settings(group, client);
    private readonly DtlsSettings _server = Settings(group, server);

    /// <summary>The longest step of the last run: so long a loop would stand still for it.</summary>
    public TimeSpan LongestStep { get; private set; }

    /// <summary>Performs some of them, and gives what one took.</summary>
    public HandshakeCost Run(int count)
    {
        HandshakeCost sum = default;
        LongestStep = default;
        for (int handshake = 0; handshake < count; handshake++)
        {
            HandshakeCost one = RunOne();
            sum = new HandshakeCost(sum.Client + one.Client, sum.Server + one.Server);
        }

        return new HandshakeCost(sum.Client / count, sum.Server / count);
    }

    private HandshakeCost RunOne()
    {
        using TimedEndpoint caller = new(DtlsRole.Client, _client, ServerPath);
        using TimedEndpoint callee = new(DtlsRole.Server, _server, ClientPath);
        caller.Start();
        while (!(caller.IsConnected && callee.IsConnected))
        {
            if (!Carry(caller, callee) && !Carry(callee, caller))
            {
                throw new InvalidOperationException("the handshake stands still: what was measured is not one");
            }
        }

        LongestStep = Longest(LongestStep, Longest(caller.LongestStep, callee.LongestStep));
        return new HandshakeCost(caller.Busy, callee.Busy);
    }

    private static bool Carry(TimedEndpoint sender, TimedEndpoint receiver)
    {
        bool any = false;
        while (sender.Sent.TryDequeue(out byte[]? datagram))
        {
            receiver.Receive(datagram);
            any = true;
        }

        return any;
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DtlsSettings Settings(NamedGroup group, Credentials credentials) => new()
    {
        Identity = credentials.Identity,
        CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes128GcmSha256],
        SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
        Random = new SystemRandom(),
        Groups = [group],
    };
}
