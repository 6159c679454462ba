using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>Sends 20,000 datagrams a second to an agent from addresses of the loopback interface, until it is disposed of or its time is up.</summary>
internal sealed class Flood : IDisposable
{
    /// <summary>Datagrams a second.</summary>
    public const int Rate = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly UdpClient[] _sockets;
    private readonly string _kind;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _ends;

    /// <summary>Begins.</summary>
    /// <param name="agent">The agent's SIP URI, at 127.0.0.1.</param>
    /// <param name="kind">The method of the requests, or <c>junk</c>.</param>
    /// <param name="addresses">From how many addresses: 127.0.1.1 and those after it, 254 at most.</param>
    public Flood(string agent, string kind, int addresses)
    {
        _kind = kind;
        int port = int.Parse(agent.AsSpan(agent.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        _sockets = [.. Enumerable.Range(1, addresses).Select(address =>
        {
            UdpClient socket = new(new IPEndPoint(new IPAddress([127, 0, 1, (byte)address]), 0));
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        })];
        _thread = new Thread(Send) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Datagrams that were sent in a second so far.</summary>
    public double SentPerSecond => Interlocked.Read(ref _sent) / _watch.Elapsed.TotalSeconds;

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _ends = true;
        _thread.Join();
        foreach (UdpClient socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Send()
    {
        while (!_ends && _watch.Elapsed < Limit)
        {
            // Whoever was held up makes up for it.
            long due = (long)(_watch.Elapsed.TotalSeconds * Rate);
            for (; _sent < due && !_ends; Interlocked.Increment(ref _sent))
            {
                UdpClient socket = _sockets[_sent % _sockets.Length];
                try
                {
                    _ = socket.Send(Make(_sent, (IPEndPoint)socket.Client.LocalEndPoint!));
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // The agent has ended: the flood goes on.
                }
            }

            Thread.Sleep(1);
        }
    }

    private byte[] Make(long number, IPEndPoint from) => Encoding.ASCII.GetBytes(_kind == "junk"
        ? string.Create(CultureInfo.InvariantCulture, $"{number:X16}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{_kind} sip:door@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bK{number}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:stranger@{from}>;tag={number}\r\nTo: <sip:door@127.0.0.1>\r\nCall-ID: {number}\r\nCSeq: 1 {_kind}\r\n"
            + $"Contact: <sip:stranger@{from}>\r\nContent-Length: 0\r\n\r\n"));
}
