using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What a registrar may ask of us by digest authentication, and what we ask of it (RFC 7616, RFC 8760).</summary>
public sealed class DigestClientTests
{
    private const string Granted = "Contact: <sip:door@192.0.2.1:5060>;expires=600\r\n";
    private const string Refused = "RegistrationFailed 401 Because (192.0.2.10:5060)";
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0xC000020A, 5060);

    [Theory]
    [InlineData("MD5 SHA-256", "SHA-256")]
    [InlineData("MD5 SHA-512-256", "SHA-512-256")]
    [InlineData("SHA-512-256 SHA-256 MD5", "SHA-512-256")]
    [InlineData("SHA-256 SHA-512-256 MD5", "SHA-256")]
    [InlineData("SHA-1 MD5", "MD5")]
    public void Of_several_challenges_a_strong_one_is_answered_and_of_two_the_first(string offered, string answered)
    {
        World world = new(allowsMd5: true);
        world.Respond(401, string.Concat(offered.Split(' ').Select(name => Challenge($"algorithm={name}"))));
        Assert.Equal(answered, world.Value("algorithm"));
    }

    [Fact]
    public void Nobody_talks_it_out_of_a_strong_hash_where_MD5_is_refused()
    {
        World world = new(allowsMd5: false);
        world.Respond(401, Challenge("algorithm=MD5") + Challenge("qop=\"auth\""));
        Assert.Single(world.Registrar.Received);
        Assert.Equal(Refused, world.Told);
    }

    [Fact]
    public void The_user_is_hidden_where_that_is_asked_for()
    {
        World world = new(allowsMd5: true);
        world.Respond(401, Challenge("algorithm=SHA-256, userhash=true"));
        Assert.Equal(Sha256("door:house"), world.Value("username"));
        Assert.Equal("true", world.Value("userhash"));
    }

    [Fact]
    public void The_body_is_protected_only_where_nothing_less_will_do()
    {
        World world = new(allowsMd5: true);
        world.Respond(401, Challenge("algorithm=SHA-256, qop=\"auth-int,auth\""));
        Assert.Equal("auth", world.Value("qop"));
        World strict = new(allowsMd5: true);
        strict.Respond(401, Challenge("algorithm=SHA-256, qop=\"auth-int\""));
        Assert.Equal("auth-int", strict.Value("qop"));
        string second = Sha256($"REGISTER:sip:192.0.2.10:{Sha256("")}");
        Assert.Equal(
            Sha256($"{Sha256("door:house:secret")}:n:00000001:{strict.Value("cnonce")}:auth-int:{second}"), strict.Value("response"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_registrar_that_proves_itself_must_do_so_rightly(bool isRight)
    {
        World world = new(allowsMd5: true);
        world.Respond(401, Challenge("algorithm=SHA-256, qop=\"auth\""));
        string password = isRight ? "secret" : "guess";
        string proof = Sha256($"{Sha256($"door:house:{password}")}:n:00000001:{world.Value("cnonce")}:auth:{Sha256(":sip:192.0.2.10")}");
        world.Respond(
            200, $"{Granted}Authentication-Info: qop=auth, rspauth=\"{proof}\", cnonce=\"{world.Value("cnonce")}\", nc=00000001\r\n");
        Assert.StartsWith(isRight ? "Registered " : "RegistrationFailed 200 the registrar has not proven", world.Told);
    }

    [Fact]
    public void The_nonce_that_it_wants_next_is_used_next()
    {
        World world = new(allowsMd5: true);
        world.Respond(401, Challenge("algorithm=SHA-256, qop=\"auth\""));
        world.Respond(200, $"{Granted}Authentication-Info: nextnonce=\"fresh\"\r\n");
        world.Pair.Wait(561);
        Assert.Equal(("fresh", "00000001"), (world.Value("nonce"), world.Value("nc")));
    }

    private static string Challenge(string more) => $"WWW-Authenticate: Digest realm=\"house\", nonce=\"n\", {more}\r\n";

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    /// <summary>A door that has just asked its registrar.</summary>
    private sealed class World
    {
        public World(bool allowsMd5)
        {
            SipAccount account = new(DigestClientTests.Registrar, "door", new Secret("secret"), TimeSpan.FromMinutes(10))
            {
                AllowsMd5 = allowsMd5,
            };
            Pair = new SipPair(new SipSettings { DisplayName = "", User = "door", Accounts = [account] });
            Registrar = new SipScript(Pair, DigestClientTests.Registrar);
            Pair.Do(() => Pair.Alice.Endpoint.Register(Pair.Now));
        }

        public SipPair Pair { get; }

        public SipScript Registrar { get; }

        public string Told => Pair.Alice.Told[^1];

        public void Respond(int status, string more) =>
            Registrar.SendTo(Pair.Alice, SipScript.Response(Registrar.Received[^1], status, "registrar", more));

        /// <summary>A parameter of the last REGISTER's credentials.</summary>
        public string Value(string name) => Regex.Match(
            SipScript.Header(Registrar.Received[^1], "Authorization"), $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;
    }
}
