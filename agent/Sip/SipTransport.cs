using System;

namespace IntercomAgent.Sip;

/// <summary>The transports that SIP messages travel by (RFC 3261 section 18).</summary>
internal enum SipTransport
{
    /// <summary>One message a datagram; whoever waits for an answer repeats it.</summary>
    Udp,

    /// <summary>A connection that carries one message after the other, none of which is ever repeated.</summary>
    Tcp,

    /// <summary>The same within TLS.</summary>
    Tls,
}

/// <summary>What transports are called in messages.</summary>
internal static class SipTransports
{
    /// <summary>The name in a Via (RFC 3261 section 25.1).</summary>
    public static ReadOnlySpan<byte> Name(SipTransport transport) => transport switch
    {
        SipTransport.Udp => "UDP"u8,
        SipTransport.Tcp => "TCP"u8,
        SipTransport.Tls => "TLS"u8,
    };

    /// <summary>What a URI needs so that it is reached by this transport: its parameter with the semicolon, empty for UDP.</summary>
    public static string Parameter(SipTransport transport) => transport switch
    {
        SipTransport.Udp => string.Empty,
        SipTransport.Tcp => ";transport=tcp",
        SipTransport.Tls => ";transport=tls",
    };

    /// <summary>The port where none is named (RFC 3261 section 19.1.2).</summary>
    public static ushort DefaultPort(SipTransport transport) =>
        (ushort)(transport == SipTransport.Tls ? SipUri.DefaultTlsPort : SipUri.DefaultPort);
}
