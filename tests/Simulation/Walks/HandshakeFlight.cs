namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>The flights of a DTLS 1.2 handshake (RFC 6347 section 4.2.4), in their order; each of ours is one datagram.</summary>
internal enum HandshakeFlight
{
    /// <summary>No flight: an alert, or what is no DTLS.</summary>
    None = -1,

    /// <summary>ClientHello without a cookie.</summary>
    ClientHello,

    /// <summary>ServerHello to ServerHelloDone.</summary>
    ServerHello,

    /// <summary>The client's Certificate to Finished.</summary>
    ClientFinished,

    /// <summary>The server's ChangeCipherSpec and Finished.</summary>
    ServerFinished,

    /// <summary>HelloVerifyRequest; a server asks for a cookie only when it does not know the path.</summary>
    HelloVerifyRequest,

    /// <summary>ClientHello with the cookie.</summary>
    ClientHelloWithCookie,
}

/// <summary>Tells flights by the first record of their datagram.</summary>
internal static class HandshakeFlights
{
    /// <summary>Flights of a handshake without a cookie.</summary>
    public const int WithoutCookie = 4;

    /// <summary>Flights of a handshake with one.</summary>
    public const int WithCookie = 6;

    public static HandshakeFlight Of(byte[] datagram)
    {
        const int RecordHeader = 13;
        const int SessionIdLength = RecordHeader + 12 + 2 + 32;
        return datagram switch
        {
            [20, ..] => HandshakeFlight.ServerFinished,
            [22, _, _, 0, 0, ..] => datagram[RecordHeader] switch
            {
                1 => datagram[SessionIdLength + 1 + datagram[SessionIdLength]] == 0
                    ? HandshakeFlight.ClientHello
                    : HandshakeFlight.ClientHelloWithCookie,
                2 => HandshakeFlight.ServerHello,
                3 => HandshakeFlight.HelloVerifyRequest,
                11 => HandshakeFlight.ClientFinished,
                byte type => throw new ViolationException($"a flight begins with the handshake message {type}: it is cut in another way"),
            },
            _ => HandshakeFlight.None,
        };
    }
}
