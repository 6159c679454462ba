namespace IntercomAgent.Audio;

/// <summary>
/// Measures by how much a sender's clock is faster than the one that plays, from how long before their turn its packets come, and says
/// how much more must be played so that this stays the same.
/// <list type="bullet">
/// <item>Networks only ever delay. So in each slot of two seconds the packet counts that came earliest: of a hundred that are delayed by
/// up to 40 ms each, one comes within 0.4 ms of the shortest delay. No jitter, loss or spike reaches the pitch.</item>
/// <item>The second slot is the anchor: in the first one a call begins, and whoever was late then catches up. A deliberate change of the
/// delay moves it by as much; a new talk spurt makes a new one.</item>
/// <item>What is further off than any drift could be is the network's doing: another route, for instance. It makes a new anchor.</item>
/// <item>Until a millisecond has added up, and still has a slot later, nothing is corrected, so that the sound of short calls and of good
/// clocks is left as it is, bit for bit. With 20 ppm that takes 50 seconds.</item>
/// </list>
/// </summary>
/// <param name="period">Octets in a period, which is what is played at once.</param>
internal sealed class SenderDrift(int period)
{
    private const int SlotMilliseconds = 2000;

    /// <summary>
    /// An error is made up for in ten seconds. A slot is known a second late on the average and stays in force for two: at the crossover
    /// of gain 0.1 that costs 0.2 radians of the control's 1.33 (its integral has a quarter of the gain), so that it stays damped. What
    /// the slots still err, 0.4 ms at 40 ms of jitter, changes the pitch by 40 ppm, a fifteenth of a cent: nobody hears a hundred times
    /// that. A drift of 300 ppm moves the delay by 0.74 * 300 ppm / 0.1: 2.2 ms, once.
    /// </summary>
    private const double Gain = 0.1;

    /// <summary>What is corrected at first: less is what networks do between one slot and the next.</summary>
    private const int Noticeable = DelayControl.OctetsPerMillisecond;

    /// <summary>Four times what a drift of 300 ppm ever adds up to, until the control has caught it.</summary>
    private const int Greatest = 10 * DelayControl.OctetsPerMillisecond;

    private const int Unknown = int.MinValue;

    private readonly int _slotPeriods = SlotMilliseconds * DelayControl.OctetsPerMillisecond / period;
    private DriftControl _control = new(Gain, readings: 1);
    private int _earliest = Unknown;
    private int _anchor = Unknown;
    private int _periods;
    private bool _isSettled;
    private int _noticed;
    private bool _corrects;

    /// <summary>By how many millionths more must be played. Zero, exactly, until a drift is noticed.</summary>
    public double Correction => _corrects ? _control.Correction : 0;

    /// <summary>A packet has come so many octets before its turn.</summary>
    public void Record(int margin) => _earliest = int.Max(_earliest, margin);

    /// <summary>The delay has been changed: every margin would have been greater by that many octets, or less if negative.</summary>
    public void Shift(int octets)
    {
        _earliest = _earliest == Unknown ? Unknown : _earliest + octets;
        _anchor = _anchor == Unknown ? Unknown : _anchor + octets;
    }

    /// <summary>Earlier margins mean nothing any more. The clocks drift as before.</summary>
    public void Restart()
    {
        _periods = 0;
        _earliest = Unknown;
        Anchor(Unknown);
    }

    /// <summary>Another sender, with another clock.</summary>
    public void Reset()
    {
        _control = new DriftControl(Gain, readings: 1);
        _corrects = false;
        _isSettled = false;
        Restart();
    }

    /// <summary>A period has passed.</summary>
    public void EndPeriod()
    {
        if (++_periods == _slotPeriods)
        {
            EndSlot();
            _periods = 0;
            _earliest = Unknown;
        }
    }

    private void EndSlot()
    {
        if (_earliest == Unknown)
        {
            return;
        }

        if (!_isSettled)
        {
            _isSettled = true;
            return;
        }

        int excess = _anchor == Unknown ? 0 : _earliest - _anchor;
        if (_anchor == Unknown || int.Abs(excess) > Greatest)
        {
            Anchor(_earliest);
            return;
        }

        int side = int.Abs(excess) >= Noticeable ? int.Sign(excess) : 0;
        _corrects |= side != 0 && side == _noticed;
        _noticed = side;
        if (_corrects)
        {
            _control.Record(excess / (1000.0 * DelayControl.OctetsPerMillisecond), SlotMilliseconds / 1000.0);
        }
    }

    private void Anchor(int margin)
    {
        _anchor = margin;
        _noticed = 0;
        _control.Restart();
    }
}
