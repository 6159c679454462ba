using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Tests.Bench;

Dictionary<string, Func<IEnumerable<Row>>> groups = new()
{
    ["handshake"] = HandshakeBench.Measure,
    ["srtp"] = SrtpBench.Measure,
    ["sip"] = SipBench.Measure,
    ["setup"] = SetupBench.Measure,
    ["codecs"] = CodecBench.Measure,
    ["jitter"] = JitterBench.Measure,
    ["sound"] = SoundBench.Measure,
    ["echo"] = EchoBench.Measure,
    ["media"] = MediaBench.Measure,
    ["program"] = ProgramBench.Measure,
    ["call"] = CallBench.Measure,
    ["cost"] = CostBench.Measure,
    ["delay"] = DelayBench.Measure,
    ["link"] = LinkBench.Measure,
};

string[] unknown = [.. args.Except(groups.Keys)];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"tests/bench: there is no group '{unknown[0]}'; there are: {string.Join(", ", groups.Keys)}");
    return 2;
}

Table table = new(Console.Out);
table.WriteHead();
foreach (string name in groups.Keys.Where(name => args.Length == 0 || args.Contains(name)))
{
    foreach (Row row in groups[name]())
    {
        table.Write(row);
    }
}

return 0;
