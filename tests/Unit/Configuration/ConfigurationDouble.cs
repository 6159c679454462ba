using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using IntercomAgent.Configuration;

namespace IntercomAgent.Tests.Unit.Configuration;

/// <summary>Configurations for tests, and where the files of these tests lie.</summary>
internal static class ConfigurationDouble
{
    public static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    public static string SampleFile => Path.GetFullPath("../../../systemd/intercom-agent.toml", Folder());

    public static AgentConfiguration Read(string text)
    {
        AgentConfiguration? configuration = ConfigurationFile.Parse(text, "/etc/intercom-agent", out IReadOnlyList<ConfigurationProblem> problems);
        return configuration ?? throw new InvalidDataException(string.Join('\n', Lines("test.toml", problems)));
    }

    public static string[] Problems(string text, string file = "test.toml")
    {
        AgentConfiguration? configuration = ConfigurationFile.Parse(text, "/etc/intercom-agent", out IReadOnlyList<ConfigurationProblem> problems);
        return configuration is null == problems.Count > 0
            ? Lines(file, problems)
            : throw new InvalidDataException("A configuration comes without problems, and problems without a configuration.");
    }

    private static string[] Lines(string file, IReadOnlyList<ConfigurationProblem> problems) =>
        [.. problems.Select(problem => problem.Describe(file))];
}
