using System;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Logging;
using IntercomAgent.Media;

namespace IntercomAgent;

/// <summary>
/// The sound of the station. With each captured period one is played, in two halves: while somebody is heard, the second one is taken from
/// the calls and given to the loudspeaker when the first one has been used up, so that what the peers say waits half a period less.
/// </summary>
internal sealed partial class AgentHost
{
    private PacketBuffer _packet = new(AudioStream.PacketSamples);
    private short[] _played;
    private CapturedVoice? _voice;
    private Instant _secondHalfDue = Instant.Never;

    private void ServeAudio(Instant now)
    {
        _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
        FollowRate(now);
        for (Span<short> captured; _ports.Audio.TryCapture(captured = _packet.Next(_played.Length));)
        {
            // A late loop: what should have been played long ago comes first.
            PlaySecondHalf(now);
            bool cleans = _voice is not null && _switchboard.IsTalking;
            if (cleans)
            {
                _voice!.Listen(_ports.Audio.PlaybackLag);
            }

            // What the loudspeaker waits for goes before what the peers do: to clean a period takes a good part of another on a slow board.
            PlayPeriod(now);
            if (cleans)
            {
                _voice!.Clean(captured);
            }

            if (_packet.Complete(captured.Length))
            {
                _switchboard.SendPackets(_packet.Captured, now);
            }

            AudioPeriods++;
            FollowRate(now);
        }

        while (_ports.Audio.TryTakeIncident(out AudioIncident incident))
        {
            TellSound(incident);
        }
    }

    private void PlayPeriod(Instant now)
    {
        Span<short> first = _played.AsSpan(0, _ports.Audio.HalfSamples);
        Mix(first, now);
        if (_switchboard.Hears && !_ports.Audio.IsPacedByLoudspeaker)
        {
            int left = first.Length - _ports.Audio.CapturedSince;
            Play(first);
            _secondHalfDue = now + TimeSpan.FromSeconds((double)left / _ports.Audio.SampleRate);
        }
        else
        {
            Mix(_played.AsSpan(first.Length), now);
            Play(_played);
        }
    }

    /// <summary>Plays the second half of a period if its time has come: the sound comes before all that a turn has to do besides.</summary>
    private void PlayWhatIsDue(Instant now)
    {
        if (now >= _secondHalfDue)
        {
            PlaySecondHalf(now);
        }
    }

    /// <summary>Plays the second half of a period, if one waits for that.</summary>
    private void PlaySecondHalf(Instant now)
    {
        if (_secondHalfDue != Instant.Never)
        {
            Span<short> second = _played.AsSpan(_ports.Audio.HalfSamples);
            _secondHalfDue = Instant.Never;
            Mix(second, now);
            Play(second);
        }
    }

    private void Mix(Span<short> half, Instant now)
    {
        _switchboard.Play(half, now);
        _sounds.AddTo(half);
    }

    private void Play(ReadOnlySpan<short> sound)
    {
        _ports.Audio.Play(sound);
        _voice?.Played(sound);
    }

    /// <summary>Sound is mixed at the rate of the best codec of the calls, from the next whole packet on.</summary>
    private void FollowRate(Instant now)
    {
        int rate = _switchboard.BestRate;
        if (rate != _ports.Audio.SampleRate && _packet.IsEmpty)
        {
            PlaySecondHalf(now);
            _ports.Audio.UseRate(rate);
            _switchboard.UseRate(rate);
            _packet = new PacketBuffer(rate / CodecFacts.PacketsPerSecond);
            _played = new short[_ports.Audio.PeriodSamples];
            _sounds.UseRate(rate);
            _voice?.Dispose();
            _voice = VoiceOf(_configuration.Audio, _ports.Audio);
        }
    }

    private void TellSound(AudioIncident incident)
    {
        if (incident.Kind == AudioIncidentKind.Recovered)
        {
            HostLog.SoundRecovered(_logger, incident.Detail);
        }
        else
        {
            HostLog.SoundTrouble(_logger, incident.Detail);
        }
    }
}
