using IntercomAgent.Calls;
using IntercomAgent.Station;

namespace IntercomAgent;

/// <summary>What a station is busy with, as a person asks for it. It holds no secret.</summary>
/// <param name="HasAccount">Whether it is to be registered at all.</param>
/// <param name="Registration">What the registrar said last; null while it has said nothing.</param>
/// <param name="State">What the station does.</param>
/// <param name="Peer">Who is called or calls; empty without a call.</param>
internal readonly record struct HostSummary(bool HasAccount, RegistrationEvent? Registration, StationState State, string Peer)
{
    /// <summary><c>registered; in a call with sip:kitchen@192.0.2.20</c></summary>
    public string Describe() => $"{DescribeRegistration()}; {DescribeStation()}";

    private string DescribeRegistration() => Registration switch
    {
        _ when !HasAccount => "without a registrar",
        null => "registering",
        { Problem: null } => "registered",
        { Status: 0, Problem: { } problem } => $"not registered: {problem}",
        { Status: int status, Problem: { } problem } => $"not registered: {status} {problem}",
    };

    private string DescribeStation() => State switch
    {
        StationState.Quiet => "no call",
        StationState.Ringing => "ringing",
        StationState.Alerting => $"{Peer} rings here",
        StationState.Talking => $"in a call with {Peer}",
        StationState.Ended => "ending",
    };
}
