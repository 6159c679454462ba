using System.Text.Json.Serialization;

namespace IntercomAgent.Demo;

/// <summary>What the demo measured, as <c>demo --json</c> prints it.</summary>
internal sealed record DemoReport
{
    /// <summary>Whether the indoor station answered.</summary>
    public required bool Answered { get; init; }

    /// <summary>The version of DTLS.</summary>
    public required string DtlsVersion { get; init; }

    /// <summary>The SRTP protection profile, by its IANA name.</summary>
    public required string SrtpProfile { get; init; }

    /// <summary>The cipher suite of the handshake, by its IANA name.</summary>
    public required string CipherSuite { get; init; }

    /// <summary>From the press of the button to the first decrypted packet of sound at the door.</summary>
    public required double SetupMs { get; init; }

    /// <summary>From the first datagram of the handshake to the last, at the door.</summary>
    public required double HandshakeMs { get; init; }

    /// <summary>RTP packets that the door sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets that the door received.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets that either side missed.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Seconds of speech that each side heard.</summary>
    public required DemoHeard HeardSeconds { get; init; }

    /// <summary>Whether the strike opened.</summary>
    public required bool StrikeOpened { get; init; }

    /// <summary>Threads of the process.</summary>
    public required int Threads { get; init; }

    /// <summary>The longest time that one turn of the loop kept the next waiting.</summary>
    public required double LongestStallMs { get; init; }

    /// <summary>Why the call ended.</summary>
    public required string ExitReason { get; init; }
}

/// <summary>Seconds of speech that each side heard.</summary>
/// <param name="Door">At the door.</param>
/// <param name="Indoor">At the indoor station.</param>
internal sealed record DemoHeard(double Door, double Indoor);

/// <summary>Writes the report without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
