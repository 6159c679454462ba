using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Storm;

/// <summary>One call of the storm, as one side sees it.</summary>
/// <param name="station">Whose call it is.</param>
/// <param name="name">Its name there.</param>
/// <param name="fate">When this side hangs it up.</param>
/// <param name="begun">When its INVITE left, or arrived.</param>
internal sealed class StormCall(Station station, SipCall name, Fate fate, Instant begun)
{
    public Station Station => station;

    public SipCall Name => name;

    public Fate Fate => fate;

    public Instant Begun => begun;

    public Stage Stage { get; set; } = Stage.Invited;
}
