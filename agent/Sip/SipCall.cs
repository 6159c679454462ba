namespace IntercomAgent.Sip;

/// <summary>A call's name within one endpoint. It is never used twice.</summary>
/// <param name="Number">1 for the first call; 0 is no call.</param>
internal readonly record struct SipCall(int Number);
