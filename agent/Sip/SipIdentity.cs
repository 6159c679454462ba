using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>Who we are on the wire: our addresses, and the identifiers that nobody else may guess.</summary>
internal sealed class SipIdentity
{
    /// <summary>Random bytes of a branch, tag or cnonce: twice what RFC 3261 section 19.3 asks of a tag.</summary>
    private const int TokenBytes = 8;

    private readonly IRandomSource _random;
    private readonly SipSettings _settings;
    private readonly IConnectionAddresses? _connections;
    private readonly byte[] _userAgent;

    /// <summary>Who these settings say that we are.</summary>
    /// <param name="settings">Our names.</param>
    /// <param name="local">The concrete address and port at which we can be reached.</param>
    /// <param name="random">Where identifiers come from.</param>
    /// <param name="connections">Where we are on connections; null where that is not known.</param>
    public SipIdentity(SipSettings settings, NetworkEndpoint local, IRandomSource random, IConnectionAddresses? connections = null)
    {
        _connections = connections;
        _random = random;
        _settings = settings;
        _userAgent = Encoding.UTF8.GetBytes(SipNames.WithoutControls(settings.UserAgent));
        TlsPort = settings.TlsPort;
        Local = local;
    }

    /// <summary>The concrete address and port at which others reach us; setting it changes all that follows from it.</summary>
    public NetworkEndpoint Local
    {
        get;

        [MemberNotNull(nameof(Names))]
        set
        {
            field = value;
            Names = SipNames.Of(_settings, value);
        }
    }

    /// <summary>The present.</summary>
    public Instant Now { get; set; }

    /// <summary>The port at which we take TLS connections, at the same address.</summary>
    public ushort TlsPort { get; set; }

    /// <summary>What those call us whom we reach without an account.</summary>
    public SipNames Names { get; private set; }

    /// <summary>Room for one message, used while it is written.</summary>
    public byte[] Scratch { get; } = new byte[SipLimits.SentMessage];

    /// <summary>What our Via says of us: address and port.</summary>
    public byte[] SentBy(SipTransport transport) => Encoding.ASCII.GetBytes(Reached(transport).ToString());

    /// <summary>
    /// The URI at which we can be reached directly by who is there. Where nobody can connect to us, it names our end of the connection to
    /// there: many a server and telephone finds that connection by it (RFC 5923 section 5 has no other way without a certificate of ours),
    /// and at the port where we do not listen it would find nobody.
    /// </summary>
    /// <param name="hop">The way to there.</param>
    /// <param name="seen">Where others see us instead; null where that is our own address.</param>
    public byte[] Contact(SipHop hop, NetworkEndpoint? seen)
    {
        bool isListening = hop.Transport == SipTransport.Udp || (hop.Transport == SipTransport.Tcp ? _settings.SpeaksTcp : _settings.OffersAlias);
        NetworkEndpoint reached = seen ?? (isListening ? null : _connections?.LocalOf(hop, Now)) ?? Reached(hop.Transport);
        return Encoding.UTF8.GetBytes($"sip:{_settings.User}@{reached with { ScopeId = 0 }}{SipTransports.Parameter(hop.Transport)}");
    }

    /// <summary>A new branch (RFC 3261 section 8.1.1.7).</summary>
    public byte[] NewBranch() => [.. SipVia.MagicCookie, .. NewToken()];

    /// <summary>A new tag, Call-ID or cnonce.</summary>
    public byte[] NewToken()
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        _random.Fill(bytes);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
    }

    /// <summary>Fills in a number that nobody else may guess.</summary>
    public void NewId(Span<byte> id) => _random.Fill(id);

    /// <summary>A random number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Pick(int limit)
    {
        Span<byte> bytes = stackalloc byte[4];
        _random.Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) % (uint)limit);
    }

    /// <summary>Writes a request.</summary>
    public byte[] Write(SipRequest request)
    {
        SipWriter writer = new(Scratch);
        writer.Text(SipMethods.Name(request.Method));
        writer.Text(" "u8);
        writer.Text(request.RequestUri);
        writer.Text(" SIP/2.0\r\nVia: SIP/2.0/"u8);
        writer.Text(SipTransports.Name(request.Transport));
        writer.Text(" "u8);
        writer.Text(request.SentBy ?? SentBy(request.Transport));
        writer.Text(";branch="u8);
        writer.Text(request.Branch);

        // RFC 6223 section 4.3: with a registration we offer to keep its way open.
        writer.Text(request.Method == SipMethod.Register ? ";keep"u8 : default);
        writer.Text(request.Transport == SipTransport.Tls && _settings.OffersAlias ? ";rport;alias"u8 : ";rport"u8);
        writer.Text("\r\nMax-Forwards: 70\r\n"u8);
        foreach (byte[] route in request.Routes)
        {
            writer.Header(SipHeaderName.Route, route);
        }

        writer.Header(SipHeaderName.From, request.From);
        writer.Header(SipHeaderName.To, request.To);
        writer.Header(SipHeaderName.CallId, request.CallId);
        writer.BeginHeader(SipHeaderName.CSeq);
        writer.Number(request.Sequence);
        writer.Text(" "u8);
        writer.Text(SipMethods.Name(request.Method));
        writer.EndLine();
        writer.Text(request.Fields);
        writer.Text(request.Authorization);
        writer.Header(SipHeaderName.UserAgent, _userAgent);
        writer.Body(request.ContentType, request.Body);
        return writer.Written.ToArray();
    }

    private NetworkEndpoint Reached(SipTransport transport) =>
        Local with { ScopeId = 0, Port = transport == SipTransport.Tls ? TlsPort : Local.Port };
}
