using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace IntercomAgent.Tests.Unit.Design;

public sealed class ArchitectureTests
{
    private static readonly string[] Projects = ["agent", "crypto", "hal"];

    private static readonly CompiledAssembly[] Assemblies =
    [
        CompiledAssembly.Read("intercom-agent.dll"),
        CompiledAssembly.Read("IntercomAgent.Crypto.dll"),
        CompiledAssembly.Read("IntercomAgent.Hal.dll"),
    ];

    private static IEnumerable<TypeUse> Uses => Assemblies.SelectMany(assembly => assembly.Uses);

    [Fact]
    public void Every_arrow_of_the_table_points_downwards()
    {
        for (int row = 0; row < House.Rooms.Length; row++)
        {
            IEnumerable<string> below = House.Rooms.Take(row).Select(room => room.Name);
            AssertNone(House.Rooms[row].MayUse.Except(below));
        }
    }

    [Fact]
    public void Every_type_lives_in_a_room()
    {
        IEnumerable<string> homeless = Assemblies.SelectMany(assembly => assembly.Types).Where(type => House.RoomOf(type) is null);

        AssertNone(homeless);
    }

    [Fact]
    public void Rooms_use_only_what_the_table_allows()
    {
        IEnumerable<string> forbidden =
            from use in Uses
            where House.IsOurs(use.Used)
            let user = House.RoomOf(use.User)
            let used = House.RoomOf(use.Used)
            where user is null || used is null || (user != used && !user.MayUse.Contains(used.Name))
            orderby use.User
            select $"{use.User} uses {use.Used}";

        AssertNone(forbidden);
    }

    [Fact]
    public void The_libraries_of_others_stay_in_their_rooms()
    {
        IEnumerable<string> forbidden =
            from use in Uses
            from row in House.Libraries
            where use.Used.StartsWith($"{row.Library}.", StringComparison.Ordinal)
            let user = House.RoomOf(use.User)
            where user is null || !row.Rooms.Contains(user.Name)
            orderby use.User
            select $"{use.User} uses {use.Used}";

        AssertNone(forbidden);
    }

    [Fact]
    public void Every_source_file_says_the_namespace_of_its_folder()
    {
        List<string> strays = [];
        int count = 0;
        foreach (string project in Projects.Select(name => Path.Combine(RepositoryRoot(), name)))
        {
            foreach (string file in SourceFiles(project))
            {
                count++;
                string? said = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
                if (said is null ? Path.GetFileName(file) != "Program.cs" : !Fits(said, project, file))
                {
                    strays.Add($"{file} says '{said}'");
                }
            }
        }

        Assert.True(count > Projects.Length, $"found only {count} source files");
        AssertNone(strays);
    }

    // A folder of a project is a room. Folders inside of a room only keep its files in order; their namespace may name them or not.
    private static bool Fits(string line, string project, string file)
    {
        string[] folders = Path.GetRelativePath(project, file).Split('/')[..^1];
        string hall = Path.GetFileName(project) switch
        {
            "crypto" => $"{House.Name}.Crypto",
            "hal" => $"{House.Name}.Hal",
            _ => House.Name,
        };
        string room = string.Join('.', folders.Take(1).Prepend(hall));
        return line == $"namespace {room};" || line == $"namespace {string.Join('.', folders.Prepend(hall))};";
    }

    private static IEnumerable<string> SourceFiles(string project) =>
        Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(project, "obj"), StringComparison.Ordinal)
                && !file.StartsWith(Path.Combine(project, "bin"), StringComparison.Ordinal));

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] lines = [.. wrong];
        Assert.True(lines.Length == 0, string.Join(Environment.NewLine, lines));
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
