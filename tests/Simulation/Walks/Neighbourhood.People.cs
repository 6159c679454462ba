using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>What people do in a neighbourhood, and what befalls them.</summary>
internal sealed partial class Neighbourhood
{
    private readonly PriorityQueue<Plan, (long At, long Order)> _plans = new();
    private readonly List<Plan> _next = [];
    private readonly long[] _nextPress;
    private long _order;

    private sealed record Plan(Action Act)
    {
        public int Turns { get; set; }
    }

    private void LetPeopleAct()
    {
        while (_plans.TryPeek(out Plan? plan, out (long At, long Order) due) && due.At <= _machine.Now)
        {
            _next.Add(_plans.Dequeue());
        }

        for (int index = _next.Count - 1; index >= 0; index--)
        {
            if (_next[index].Turns-- <= 0)
            {
                Plan plan = _next[index];
                _next.RemoveAt(index);
                plan.Act();
            }
        }

        foreach (Neighbour station in _stations)
        {
            if (_machine.Now >= _nextPress[station.Number])
            {
                _nextPress[station.Number] = _machine.Now + Milliseconds(_random.Next(50, 2500));
                Press(station);
            }
        }

        if (_forger is not null && _random.Next(6) == 0)
        {
            _forger.Strike(_machine.Now);
        }
    }

    /// <summary>Somebody presses the button and will, now or later, do what people do.</summary>
    private void Press(Neighbour station)
    {
        Tell(station, "presses the button");
        station.Press();
        Neighbour other = _stations[_random.Next(_stations.Length)];
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                Later(20, () => HangUp(station));
                break;
            case 3 or 4:
                Later(20, () => HangUp(other));
                break;
            case 5:
                // Both hang up, in the same turn or close to it.
                int delay = _random.Next(40);
                AfterMilliseconds(delay, () => HangUp(station));
                AfterMilliseconds(delay, () => HangUp(other));
                break;
            case 6:
                Later(300, () => HangUp(station));
                break;
            case 7:
                Later(300, () => PressAgain(station));
                break;
            case 8:
                Later(1500, () => HangUp(other));
                break;
            default:
                LetSomethingHappen(station, other);
                break;
        }
    }

    private void LetSomethingHappen(Neighbour station, Neighbour other)
    {
        switch (_random.Next(10))
        {
            case 0 or 1 or 2:
                Later(1000, () => Dial(House.Code));
                break;
            case 3:
                Later(1000, () => Dial("2581"));
                break;
            case 4 or 5:
                Neighbour holder = _random.Next(2) == 0 ? station : other;
                Later(500, () => Hold(holder, hold: true));
                Later(1000, () => Hold(holder, hold: false));
                break;
            case 6 when _hasPowerCuts:
                Later(500, () => Reboot(other));
                break;
            case 7:
                Later(500, () => Move(other));
                break;
            case 8:
                Later(500, () => SilencePath(station, other));
                break;
            default:
                Later(100, () => PressAgain(station));
                break;
        }
    }

    private void HangUp(Neighbour station)
    {
        Tell(station, "hangs up");
        station.HangUp();
    }

    private void PressAgain(Neighbour station)
    {
        Tell(station, "presses the button again");
        station.Press();
    }

    private void Hold(Neighbour station, bool hold)
    {
        Tell(station, hold ? "holds" : "resumes");
        Disturb();
        _ = station.Host.Calls.TryHold(hold, _loop.Now);
    }

    private void Reboot(Neighbour station)
    {
        Tell(station, "loses its power and gets it back");
        Disturb();
        station.Reboot();
    }

    /// <summary>A router gives each media port of the station a new address.</summary>
    private void Move(Neighbour station)
    {
        Tell(station, "moves to other ports");
        Disturb();
        foreach (NetworkEndpoint endpoint in _machine.Network.Endpoints.Where(
            endpoint => endpoint.Address == station.Address.Address && endpoint.Port != station.Address.Port).ToArray())
        {
            _machine.Network.Rebind(endpoint, endpoint.WithPort((ushort)_random.Next(50_000, 60_000)));
        }
    }

    private void SilencePath(Neighbour from, Neighbour to)
    {
        Tell(from, $"is not heard by {to.Name} for a while");
        Disturb();
        _machine.Network.SetPath(from.Address, to.Address, Weather.Fair with { Loss = 1 });
        AfterMilliseconds(_random.Next(20_000), () =>
        {
            Disturb();
            SetWeather(from.Number, to.Number);
        });
    }

    /// <summary>Somebody who talks dials a code.</summary>
    private void Dial(string code)
    {
        Neighbour[] talking = Array.FindAll(_stations, candidate => candidate.Witness.Talking is not null);
        Neighbour? station = talking.Length == 0 ? null : talking[_random.Next(talking.Length)];
        if (station is null || Find(station.Witness.Talking!.Peer) is not { } door || !station.Host.Calls.TryDial(code, _loop.Now))
        {
            return;
        }

        Tell(station, $"dials {code}");
        if (code == House.Code)
        {
            station.RightCodes.Add((door.Number, _machine.Now));
            ExpectToOpen(door, station);
        }
    }

    /// <summary>In a call that goes on undisturbed, a right code is accepted, unless what was dialled before it counts as well.</summary>
    private void ExpectToOpen(Neighbour door, Neighbour indoor)
    {
        SeenCall? doorCall = door.Witness.Talking;
        SeenCall indoorCall = indoor.Witness.Talking!; // It has just taken the digits.
        bool isAlone = indoor.RightCodes.Count(code => _machine.Now - code.At < 10_000_000_000) == 1
            && door.Witness.WrongCodesCountUntil < _machine.Now;
        int accepted = door.Witness.CodesAccepted;
        if (isAlone && doorCall is not null && Neighbour.NumberOf(doorCall.Peer) == indoor.Number)
        {
            AfterMilliseconds(4000, () =>
            {
                bool isUndisturbed = doorCall == door.Witness.Talking && indoorCall == indoor.Witness.Talking
                    && !doorCall.IsDisturbed && !indoorCall.IsDisturbed && !_isRough && _forger is null
                    && door.Witness.WrongCodesCountUntil < _machine.Now;
                if (isUndisturbed && door.Witness.CodesAccepted == accepted)
                {
                    throw new ViolationException($"{door.Name} did not take the code that {indoor.Name} dialled");
                }
            });
        }
    }

    /// <summary>Within up to so many milliseconds, early more often than late, and then some turns later.</summary>
    private void Later(int milliseconds, Action act) => AfterMilliseconds(_random.NextDouble() * _random.NextDouble() * milliseconds, act);

    private void AfterMilliseconds(double milliseconds, Action act) =>
        _plans.Enqueue(new Plan(act) { Turns = _random.Next(8) }, (_machine.Now + Milliseconds(milliseconds), _order++));

    /// <summary>What happens now may make any call silent, or lose a digit.</summary>
    private void Disturb()
    {
        foreach (Neighbour station in _stations)
        {
            foreach (SeenCall call in station.Witness.Live.Values)
            {
                call.IsDisturbed = true;
            }
        }
    }
}
