using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>What the program says to the person who starts it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_an_argument_it_says_what_can_be_run_and_starts_nothing()
    {
        (int status, string output, string errors) = Run();

        Assert.Equal((0, ""), (status, errors));
        Assert.Contains("intercom-agent demo", output, StringComparison.Ordinal);
        Assert.Contains("check-config <FILE>", output, StringComparison.Ordinal);
        Assert.Equal(output, Run("--help").Output);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("run")]
    [InlineData("check-config")]
    [InlineData("version")]
    public void Each_command_explains_itself(string command)
    {
        (int status, string output, string errors) = Run(command, "--help");

        Assert.Equal((0, ""), (status, errors));
        Assert.Contains($"intercom-agent {command}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_its_version() => Assert.Matches("^intercom-agent [0-9]+\\.[0-9]+\\.[0-9]+", Run("version").Output);

    [Fact]
    public void A_slip_of_the_pen_is_answered_with_what_was_meant()
    {
        (int status, string output, string errors) = Run("check-conf", "file");

        Assert.Equal((2, ""), (status, output));
        Assert.Contains("Did you mean: check-config", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--config")]
    [InlineData("check-config")]
    public void A_wrong_configuration_starts_nothing_and_each_error_names_file_line_and_key(params string[] command)
    {
        string file = Write("[sip]\nport = 0\n\n[media]\ncodec = [\"PCMU\"]\n");

        (int status, _, string errors) = Run([.. command, file]);

        Assert.Equal(2, status);
        Assert.Contains($"{file}:2: ", errors, StringComparison.Ordinal);
        Assert.Contains("sip.port", errors, StringComparison.Ordinal);
        Assert.Contains($"{file}:5: ", errors, StringComparison.Ordinal);
        Assert.Contains("media.codec", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_is_named()
    {
        using UdpClient other = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;

        (int status, string output, string errors) = Run("run", "--config", new AgentOptions().Write(_folder, port));

        Assert.Equal((1, ""), (status, output));
        Assert.Contains($"127.0.0.1:{port}", errors, StringComparison.Ordinal);
        Assert.Contains("in use", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_file_in_place_of_the_identity_is_named_and_left_alone()
    {
        string identity = Path.Combine(_folder, "identity.pem");
        File.WriteAllText(identity, "mine\n");

        (int status, _, string errors) = Run("run", "--config", new AgentOptions().Write(_folder, FreePorts.Next()));

        Assert.Equal(1, status);
        Assert.Contains(identity, errors, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText(identity));
    }

    private static (int Status, string Output, string Errors) Run(params string[] arguments)
    {
        using PeerProcess process = PeerProcess.Start(AgentProgram.Path, arguments);
        int status = process.WaitForEnd(Limits.Event);
        return (status, process.StandardOutput, process.Errors);
    }

    private string Write(string configuration)
    {
        string file = Path.Combine(_folder, "agent.toml");
        File.WriteAllText(file, configuration);
        return file;
    }
}
