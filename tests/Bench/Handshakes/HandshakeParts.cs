using IntercomAgent.Crypto.Dtls;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>Of what size the parts of a handshake between two ends like ours are.</summary>
internal static class HandshakeParts
{
    /// <summary>RFC 5246 section 8.1. It is expanded from the premaster secret.</summary>
    public const int MasterSecretLength = 48;

    /// <summary>
    /// Each end hashes the transcript for the master secret, for the client's signature and for both Finished messages.
    /// </summary>
    public const int TranscriptHashes = 4;

    /// <summary>The longest of the expansions.</summary>
    public const int LongestExpansion = 56;

    /// <summary>Bytes of all handshake messages.</summary>
    public static byte[] Transcript { get; } = new byte[1600];

    /// <summary>What the server signs: two randoms and its key share.</summary>
    public static byte[] SignedParameters { get; } = new byte[100];

    /// <summary>Bytes that each end expands: keys of the records, both Finished messages, keys for SRTP.</summary>
    public static int[] ExpansionsOfMasterSecret { get; } = [40, 12, 12, LongestExpansion];

    /// <summary>A Finished message: 12 bytes of header and as many of its own.</summary>
    public static byte[] Finished { get; } = new byte[24];

    /// <summary>The record that it goes in.</summary>
    public static RecordHeader FinishedRecord => new(ContentType.Handshake, ProtocolVersion.Dtls12, 1, 0);
}
