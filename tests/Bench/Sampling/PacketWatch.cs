using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace IntercomAgent.Tests.Bench.Sampling;

/// <summary>
/// Sees every UDP datagram that arrives on the loopback interface, and notes when the caller's INVITE and the first SRTP packet
/// to each side went by. It watches from outside, so that both programs of a comparison are timed the same way.
/// Needs root: a raw socket (raw(7)) gives the datagrams with their IPv4 headers.
/// </summary>
internal sealed class PacketWatch : IDisposable
{
    private const int UdpHeaderLength = 8;

    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _complete = new();
    private readonly int _callerSipPort;
    private readonly Func<int, bool> _isCalleeMedia;
    private volatile bool _ended;
    private long _invite;
    private long _toCallee;
    private long _toCaller;

    public PacketWatch(int callerSipPort, Func<int, bool> isCalleeMedia)
    {
        _callerSipPort = callerSipPort;
        _isCalleeMedia = isCalleeMedia;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveTimeout = 100;
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>From the INVITE to the first SRTP packet in either direction.</summary>
    public TimeSpan FirstMedia => Stopwatch.GetElapsedTime(_invite, Math.Min(_toCallee, _toCaller));

    /// <summary>From the INVITE until an SRTP packet had arrived on both sides.</summary>
    public TimeSpan BothMedia => Stopwatch.GetElapsedTime(_invite, Math.Max(_toCallee, _toCaller));

    /// <summary>Waits until SRTP has arrived on both sides; false when it did not within the limit.</summary>
    public bool WaitForBoth(TimeSpan limit) => _complete.Wait(limit);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _socket.Dispose();
        _complete.Dispose();
    }

    private void Watch()
    {
        byte[] buffer = new byte[65536];
        while (!_ended && !_complete.IsSet)
        {
            try
            {
                int length = _socket.Receive(buffer);
                See(buffer.AsSpan(0, length), Stopwatch.GetTimestamp());
            }
            catch (SocketException silence) when (silence.SocketErrorCode == SocketError.TimedOut)
            {
                // Looks whether it is to end, and listens on.
            }
        }
    }

    private void See(ReadOnlySpan<byte> datagram, long now)
    {
        ReadOnlySpan<byte> udp = datagram[((datagram[0] & 0x0F) * 4)..];
        int source = BinaryPrimitives.ReadUInt16BigEndian(udp);
        int destination = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]);
        ReadOnlySpan<byte> payload = udp[UdpHeaderLength..];
        if (_invite == 0 && source == _callerSipPort && payload.StartsWith("INVITE "u8))
        {
            _invite = now;
        }
        else if (_invite != 0 && IsAudio(payload))
        {
            Note(ref _toCallee, _isCalleeMedia(destination), now);
            Note(ref _toCaller, _isCalleeMedia(source), now);
            if (_toCallee != 0 && _toCaller != 0)
            {
                _complete.Set();
            }
        }
    }

    private static void Note(ref long moment, bool isMeant, long now) => moment = moment == 0 && isMeant ? now : moment;

    // RFC 7983 section 7 and RFC 5761 section 4: RTP by its first byte, not RTCP by its second.
    private static bool IsAudio(ReadOnlySpan<byte> payload) =>
        payload.Length > 12 && payload[0] is >= 128 and <= 191 && payload[1] is < 192 or > 223;
}
