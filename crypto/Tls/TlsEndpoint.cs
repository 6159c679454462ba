using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Certificates;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Crypto.Tls;

/// <summary>
/// One side of a TLS 1.3 or 1.2 connection (RFC 8446, RFC 5246, RFC 9325) over BouncyCastle's protocol, without a socket. Bytes of the
/// transport go in, and what is to be sent and told comes out; the owner polls to idle after every input. It has no timer: how long a
/// handshake may take its owner decides.
/// <para>
/// The records of a handshake wait for <see cref="Work"/>, one for each call, for behind each may be public-key operations. What is
/// received after that is decrypted at once.
/// </para>
/// </summary>
public sealed class TlsEndpoint
{
    /// <summary>The length that the buffer of <see cref="Poll"/> should have; with a shorter one it takes more polls.</summary>
    public const int BufferSize = 16 * 1024;

    private const int HeaderLength = 5;
    private const int LengthOffset = 3;

    // RFC 5246 section 6.2.3: what protection may add; RFC 8446 section 5.2 allows less.
    private const int MaximumRecord = HeaderLength + BufferSize + 2048;

    private readonly TlsProtocol _protocol;
    private readonly ClientSide? _client;
    private readonly ServerSide? _server;
    private readonly PeerVerification _verification;
    private readonly byte[] _input = new byte[MaximumRecord];
    private int _received;
    private bool _toldConnected;
    private bool _toldClosed;

    /// <summary>A connection whose handshake begins now.</summary>
    /// <param name="role">Which side we are.</param>
    /// <param name="settings">What the owner decides.</param>
    /// <param name="name">
    /// As a client, the name or the literal address that the server's certificate must be for (RFC 5922 section 7.3); null for any. It is
    /// told to the server, too (RFC 6066 section 3). It does not count with a pinned certificate.
    /// </param>
    /// <param name="unixTime">The present in seconds since 1970, as far as it is known, against which certificates are held.</param>
    public TlsEndpoint(TlsRole role, TlsSettings settings, string? name, long unixTime)
    {
        OwnTlsCrypto crypto = new(settings.Random);
        _verification = new PeerVerification(settings, role == TlsRole.Client ? name : null, unixTime);
        if (role == TlsRole.Client)
        {
            _client = new ClientSide(settings, crypto, _verification, name);
            BoundedClientProtocol protocol = new();
            _protocol = protocol;
            Try(() => protocol.Connect(_client));
        }
        else
        {
            _server = new ServerSide(settings, crypto, _verification);
            BoundedServerProtocol protocol = new();
            _protocol = protocol;
            Try(() => protocol.Accept(_server));
        }
    }

    /// <summary>Where the connection stands.</summary>
    public TlsState State { get; private set; }

    /// <summary>Why it failed, in words for a person that go on after the peer's address; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whom the peer has proven to be; null when it has proven nothing, or not yet.</summary>
    public CertificateNames? PeerNames => State == TlsState.Connected ? _verification.Names : null;

    /// <summary>How many bytes <see cref="Receive"/> takes now.</summary>
    public int Room => _input.Length - _received;

    /// <summary>Whether a record of the handshake waits for <see cref="Work"/>.</summary>
    public bool HasWork => State == TlsState.Handshaking && HasRecord;

    // What cannot be a record is one to be refused at once, instead of waiting for as much more as it seems to say.
    private bool HasRecord => _received >= HeaderLength
        && (_received >= RecordLength || RecordLength > _input.Length || !IsContentType(_input[0]));

    private int RecordLength => HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_input.AsSpan(LengthOffset));

    /// <summary>Takes bytes of the transport in, no more than there is <see cref="Room"/> for. After the end they are dropped.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        if (State == TlsState.Closed)
        {
            return;
        }

        bytes.CopyTo(_input.AsSpan(_received));
        _received += bytes.Length;
        TakeRecords();
    }

    /// <summary>
    /// The transport has ended. That a peer leaves without the word that it does is the custom of too many to call it a failure.
    /// </summary>
    public void ReceiveEnd()
    {
        if (State == TlsState.Handshaking)
        {
            Problem ??= "it has closed the connection in the middle of the TLS handshake";
        }

        State = TlsState.Closed;
    }

    /// <summary>Takes one record of the handshake; an expensive operation.</summary>
    public void Work()
    {
        if (HasWork)
        {
            TakeRecord();
            TakeRecords();
        }
    }

    /// <summary>Protects bytes to be sent; false, and nothing is, while the endpoint is not connected.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        if (State != TlsState.Connected)
        {
            return false;
        }

        byte[] copy = bytes.ToArray();
        Try(() => _protocol.WriteApplicationData(copy, 0, copy.Length));
        return State == TlsState.Connected;
    }

    /// <summary>Tells the peer that nothing more comes. Asking twice does no harm.</summary>
    public void Close()
    {
        if (State != TlsState.Closed)
        {
            Try(_protocol.Close);
            State = TlsState.Closed;
        }
    }

    /// <summary>The next thing to do or to tell; last of all <see cref="TlsOutputKind.Idle"/>.</summary>
    /// <param name="buffer">At best <see cref="BufferSize"/> bytes, which the output borrows.</param>
    /// <param name="maximumReceived">Of what was received, no more than so many bytes.</param>
    public TlsOutput Poll(byte[] buffer, int maximumReceived = int.MaxValue)
    {
        if (_protocol.GetAvailableOutputBytes() > 0)
        {
            int sent = _protocol.ReadOutput(buffer, 0, buffer.Length);
            return new TlsOutput { Kind = TlsOutputKind.Send, Bytes = buffer.AsSpan(0, sent) };
        }

        if (IsComplete && !_toldConnected)
        {
            _toldConnected = true;
            return new TlsOutput { Kind = TlsOutputKind.Connected };
        }

        int count = _toldConnected ? _protocol.ReadInput(buffer, 0, Math.Min(buffer.Length, maximumReceived)) : 0;
        if (count > 0)
        {
            return new TlsOutput { Kind = TlsOutputKind.Received, Bytes = buffer.AsSpan(0, count) };
        }

        bool isClosed = State == TlsState.Closed && !_toldClosed && (!_toldConnected || _protocol.GetAvailableInputBytes() == 0);
        _toldClosed |= isClosed;
        return new TlsOutput { Kind = isClosed ? TlsOutputKind.Closed : TlsOutputKind.Idle };
    }

    private bool IsComplete => _client?.IsComplete ?? _server!.IsComplete;

    private static bool IsContentType(short type) => type is >= ContentType.change_cipher_spec and <= ContentType.application_data;

    private void TakeRecords()
    {
        while (State == TlsState.Connected && HasRecord)
        {
            TakeRecord();
        }
    }

    private void TakeRecord()
    {
        int length = Math.Min(RecordLength, _received);
        Try(() => _protocol.OfferInput(_input, 0, length));
        _received -= length;
        _input.AsSpan(length, _received).CopyTo(_input);
        if (State == TlsState.Handshaking && IsComplete)
        {
            State = TlsState.Connected;
        }

        if (_protocol.IsClosed)
        {
            State = TlsState.Closed;
        }
    }

    // BouncyCastle says with an exception, and with an alert among its output, what is wrong with what the peer sent.
    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (TlsFatalAlertReceived alert)
        {
            Fail($"it has ended the TLS connection ({AlertDescription.GetName(alert.AlertDescription)})");
        }
        catch (TlsFatalAlert alert)
        {
            Fail(_verification.Problem ?? $"what it sends over TLS is refused ({AlertDescription.GetName(alert.AlertDescription)})");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As with its decoders, whatever exception a broken part leads to.
            Fail(_verification.Problem ?? "it speaks TLS that cannot be understood");
        }
    }

    private void Fail(string problem)
    {
        Problem ??= problem;
        State = TlsState.Closed;
    }
}
