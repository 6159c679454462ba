using System;
using System.Globalization;
using System.Linq;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>What <c>openssl speed</c> says of this machine, in this minute, on one core.</summary>
internal static class OpenSslSpeed
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Packets of a length sealed per second by a cipher of OpenSSL, with nothing around it.</summary>
    public static double Seals(string cipher, int length)
    {
        string size = length.ToString(CultureInfo.InvariantCulture);
        string[] fields = Fields("+F:", "-evp", cipher, "-aead", "-bytes", size);
        return Number(fields[^1]) / length;
    }

    // A machine-readable line: +F:index:name:bytes per second.
    private static string[] Fields(string line, params string[] arguments)
    {
        using PeerProcess openssl = PeerProcess.Start("openssl", ["speed", "-mr", "-seconds", "1", .. arguments]);
        return [.. openssl.WaitForLine(line, Limit).Split(':').Select(field => field.Trim())];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
