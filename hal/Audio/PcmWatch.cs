using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// Waits for a stream: with its descriptors where these tell the truth. Some are always ready and some cannot be waited for at all; the
/// stream is then looked at by a timer, several times in a period, so that the loop sleeps in between.
/// </summary>
internal sealed class PcmWatch
{
    /// <summary>
    /// Wake-ups in a row that had no reason. A few are usual when a stream starts, or where several share a timer; this many are not.
    /// </summary>
    public const int MaximumSpurious = 8;

    /// <summary>Looks in a period without descriptors: a quarter of a period is as late as the loop may be.</summary>
    private const int LooksPerPeriod = 4;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly IEventLoop _loop;
    private readonly Readiness _readiness;
    private readonly IPcm _stream;
    private readonly long _pause;
    private Descriptor[] _descriptors = [];
    private ulong[] _numbers = [];
    private int _spurious;

    /// <summary>Begins to wait.</summary>
    public PcmWatch(IEventLoop loop, Readiness readiness, IPcm stream, int rate, int period, long now)
    {
        _loop = loop;
        _readiness = readiness;
        _stream = stream;
        _pause = period * NanosecondsPerSecond / rate / LooksPerPeriod;
        if (!TryAddDescriptors())
        {
            LookByTimer(now);
        }
    }

    /// <summary>When the stream is looked at next without being asked to; never, as long as the descriptors do.</summary>
    public long LookAt { get; private set; } = long.MaxValue;

    /// <summary>
    /// Whether the stream has something to say, now that the loop has woken. ALSA must be asked what its descriptors mean in any case:
    /// this clears those that are timers.
    /// </summary>
    public bool Look(long now)
    {
        if (LookAt != long.MaxValue)
        {
            // The descriptors are not to be trusted; the stream itself is.
            LookAt = Math.Max(LookAt, now);
            return true;
        }

        return _stream.LookAndTranslate() != 0;
    }

    /// <summary>Whether the wake-up had a reason: a period was there.</summary>
    public void Conclude(bool hadReason, long now)
    {
        if (LookAt != long.MaxValue)
        {
            LookAt = now + _pause;
            return;
        }

        _spurious = hadReason ? 0 : _spurious + 1;
        if (_spurious == MaximumSpurious)
        {
            End();
            LookByTimer(now);
        }
    }

    /// <summary>Waits no more; to be called before the stream is closed. May be asked twice.</summary>
    public void End()
    {
        for (int index = 0; index < _descriptors.Length; index++)
        {
            _loop.Remove(_descriptors[index], _numbers[index]);
            _descriptors[index].Dispose();
        }

        _descriptors = [];
        LookAt = long.MaxValue;
    }

    private bool TryAddDescriptors()
    {
        ReadOnlySpan<PollDescriptor> wanted = _stream.Descriptors;
        Descriptor[] descriptors = new Descriptor[wanted.Length];
        _numbers = new ulong[wanted.Length];
        for (int index = 0; index < wanted.Length; index++)
        {
            descriptors[index] = new Descriptor(wanted[index].Descriptor, owned: false);

            // The flags of poll and of epoll have the same values.
            EpollEvents events = (EpollEvents)wanted[index].Events & (EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT);
            if (_loop.TryAdd(descriptors[index], events, _readiness, out _numbers[index]) != Errno.None)
            {
                _descriptors = descriptors[..index];
                End();
                return false;
            }
        }

        _descriptors = descriptors;
        return descriptors.Length > 0;
    }

    private void LookByTimer(long now) => LookAt = now + _pause;
}
