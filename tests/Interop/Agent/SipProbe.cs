using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// A hand-made SIP user agent over a real socket, for what no telephone sends. One dialog; it sends what it is told, and reads.
/// </summary>
internal sealed class SipProbe : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly string _callId = Guid.NewGuid().ToString("N");
    private string _toTag = "";
    private string _lastRequest = "";
    private IPEndPoint? _agent;

    /// <summary>A probe that waits for an agent to speak first.</summary>
    public SipProbe()
    {
    }

    /// <summary>A probe for the agent with that SIP URI, at 127.0.0.1.</summary>
    public SipProbe(string address)
    {
        _agent = new IPEndPoint(IPAddress.Loopback, int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The port of 127.0.0.1 that it listens on.</summary>
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Sends a request of the dialog, with that number and body.</summary>
    public void Send(string method, int number, string body = "", string bodyType = "application/sdp")
    {
        string type = body.Length > 0 ? $"Content-Type: {bodyType}\r\n" : "";
        string text = $"{method} sip:door@{_agent} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{Port};branch=z9hG4bK{_callId}{method}{number}\r\n"
            + $"From: <sip:probe@127.0.0.1:{Port}>;tag=probe\r\nTo: <sip:door@{_agent}>{_toTag}\r\nCall-ID: {_callId}\r\n"
            + $"CSeq: {number} {method}\r\nMax-Forwards: 70\r\nContact: <sip:probe@127.0.0.1:{Port}>\r\n{type}"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        Send(text);
    }

    /// <summary>Reads the final response to a request; what comes before it is passed over.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public string FinalResponse(string method) => Read(
        text => text.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && !text.StartsWith("SIP/2.0 1", StringComparison.Ordinal)
            && Header(text, "CSeq").EndsWith(method, StringComparison.Ordinal));

    /// <summary>
    /// Reads a request and answers it; a registrar grants what was asked for. The last one's copies, which a slow answer brings forth,
    /// are passed over.
    /// </summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public string TakeRequest(string method, string answer = "200 OK")
    {
        string request = _lastRequest = Read(text => text.StartsWith(method + " ", StringComparison.Ordinal) && text != _lastRequest);
        string[] copied = ["Via", "From", "To", "Call-ID", "CSeq", "Contact", "Expires"];
        string headers = string.Concat(copied.Select(name => (Name: name, Value: Header(request, name)))
            .Where(header => header.Value.Length > 0)
            .Select(header => $"{header.Name}: {header.Value}\r\n"));
        Send($"SIP/2.0 {answer}\r\n{headers}Content-Length: 0\r\n\r\n");
        return request;
    }

    /// <summary>The value of a header; empty when there is none.</summary>
    public static string Header(string message, string name)
    {
        int start = message.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? "" : message[(start + name.Length + 4)..message.IndexOf('\r', start + 2)];
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Send(string text) => _ = _socket.Send(Encoding.ASCII.GetBytes(text), _agent);

    private string Read(Predicate<string> wanted)
    {
        _socket.Client.ReceiveTimeout = (int)Limits.Event.TotalMilliseconds;
        try
        {
            while (true)
            {
                string text = Encoding.ASCII.GetString(_socket.Receive(ref _agent));
                if (wanted(text))
                {
                    string to = Header(text, "To");
                    int tag = to.IndexOf(";tag=", StringComparison.Ordinal);
                    _toTag = tag < 0 || !text.StartsWith("SIP/2.0", StringComparison.Ordinal) ? _toTag : to[tag..];
                    return text;
                }
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new TimeoutException("The agent does not answer.", exception);
        }
    }
}
