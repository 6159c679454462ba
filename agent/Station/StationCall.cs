namespace IntercomAgent.Station;

/// <summary>The name of one call, given by the station to calls in both directions and never used twice.</summary>
/// <param name="Number">1 for the station's first call; 0 names no call.</param>
internal readonly record struct StationCall(int Number);
