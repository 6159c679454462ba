using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Callers who have to prove a password: Carol, whose proofs are computed here, with the hashes of the platform.</summary>
public sealed class DigestServerTests
{
    private const string Password = "Circle of Life";
    private readonly SipPair _pair = new(bob: Settings());
    private readonly SipScript _carol;
    private int _sent;

    public DigestServerTests() => _carol = new SipScript(_pair);

    [Fact]
    public void A_caller_is_asked_for_its_password_with_SHA_256_or_SHA_512_256()
    {
        _carol.Send(SipScript.Invite());

        Assert.Empty(_pair.Bob.Told);
        Assert.Equal(["401 INVITE"], _carol.Summary());
        Assert.Equal(2, Challenges().Length);
        Assert.All(Challenges(), challenge => Assert.StartsWith("Digest realm=\"door\", nonce=\"", challenge));
        Assert.EndsWith("\", algorithm=SHA-256, qop=\"auth\"", Challenges()[0]);
        Assert.EndsWith("\", algorithm=SHA-512-256, qop=\"auth\"", Challenges()[1]);
    }

    [Theory]
    [InlineData("SHA-256")]
    [InlineData("SHA-512-256")]
    public void Who_proves_it_may_call(string algorithm)
    {
        _carol.Send(SipScript.Invite());
        Call(Proof(Nonce(), algorithm: algorithm));

        Assert.Equal(["Incoming 1 sip:carol@192.0.2.9 (Carol) [offer]"], _pair.Bob.Told);
    }

    [Fact]
    public void MD5_is_offered_last_and_taken_only_where_it_is_allowed()
    {
        SipPair lenient = new(bob: Settings(allowMd5: true));
        SipScript carol = new(lenient);
        carol.Send(SipScript.Invite());
        string[] challenges = [.. carol.Received[^1].Split("\r\n").Where(line => line.StartsWith("WWW-Authenticate: "))];
        Assert.Equal(3, challenges.Length);
        Assert.Contains("algorithm=SHA-256", challenges[0]);
        Assert.Contains("algorithm=MD5", challenges[2]);
        string proof = Proof(challenges[1].Split("nonce=\"")[1].Split('"')[0], algorithm: "MD5");
        carol.Send(SipScript.Invite(branch: "z9hG4bKmd5", sequence: 2, more: proof));
        Assert.Single(lenient.Bob.Told);

        _carol.Send(SipScript.Invite());
        Call(Proof(Nonce(), algorithm: "MD5"));
        Assert.Empty(_pair.Bob.Told);
        Assert.Equal("401 INVITE", _carol.Summary()[^1]);
    }

    [Fact]
    public void A_proof_is_good_once_and_its_nonce_for_higher_counts()
    {
        _carol.Send(SipScript.Invite());
        string nonce = Nonce();
        Call(Proof(nonce, count: 2));
        Call(Proof(nonce, count: 2));
        Assert.Contains("stale=true", Challenges()[^1]);
        Call(Proof(nonce, count: 1));
        Assert.Contains("stale=true", Challenges()[^1]);
        Assert.Single(_pair.Bob.Told);
        Call(Proof(nonce, count: 10));
        Assert.Equal(2, _pair.Bob.Told.Count);
    }

    [Fact]
    public void A_nonce_lasts_a_minute()
    {
        _carol.Send(SipScript.Invite());
        string nonce = Nonce();
        _pair.Wait(61);
        Call(Proof(nonce));

        Assert.Empty(_pair.Bob.Told);
        Assert.Contains("stale=true", Challenges()[^1]);
        Call(Proof(Nonce()));
        Assert.Single(_pair.Bob.Told);
    }

    [Fact]
    public void A_nonce_is_good_for_the_address_that_it_was_sent_to()
    {
        _carol.Send(SipScript.Invite());
        string nonce = Nonce();
        SipScript mallory = new(_pair, NetworkEndpoint.FromIPv4(0xC000020A, 5060));
        mallory.Send(SipScript.Invite(branch: "z9hG4bKmallory", more: Proof(nonce)).Replace("carols-call", "mallorys-call"));

        Assert.Empty(_pair.Bob.Told);
    }

    [Theory]
    [InlineData("username=\"kitchen\"", "username=\"cellar\"")]
    [InlineData("response=\"", "response=\"0")]
    [InlineData("uri=\"sip:bob@192.0.2.2\"", "uri=\"sip:eve@192.0.2.2\"")]
    [InlineData("realm=\"door\"", "realm=\"gate\"")]
    [InlineData("qop=auth", "qop=auth-int")]
    [InlineData("qop=auth, ", "")]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("nc=00000001", "nc=0000000g")]
    [InlineData("cnonce=\"0a4f113b\"", "cnonce=\"0a4f113c\"")]
    [InlineData("algorithm=SHA-256", "algorithm=SHA-256-sess")]
    [InlineData("algorithm=SHA-256, ", "")]
    [InlineData("Digest ", "Basic ")]
    [InlineData("nonce=\"", "nonce=\"00")]
    [InlineData("Authorization", "Proxy-Authorization")]
    public void A_proof_that_was_changed_is_none(string old, string changed)
    {
        _carol.Send(SipScript.Invite());
        string proof = Proof(Nonce());
        Assert.Contains(old, proof);
        Call(proof.Replace(old, changed));

        Assert.Empty(_pair.Bob.Told);
        Assert.Equal("401 INVITE", _carol.Summary()[^1]);
    }

    [Fact]
    public void Who_guesses_is_locked_out_for_a_while()
    {
        _carol.Send(SipScript.Invite());
        string nonce = Nonce();
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            Call(Proof(nonce, password: $"guess {attempt}"));
            Assert.Equal("401 INVITE", _carol.Summary()[^1]);
        }

        Call(Proof(nonce, password: "guess 5"));
        Assert.Equal("403 INVITE", _carol.Summary()[^1]);
        Call(Proof(nonce));
        Assert.Equal("403 INVITE", _carol.Summary()[^1]);
        Assert.Contains("Retry-After: 60\r\n", _carol.Received[^1]);
        Assert.Empty(_pair.Bob.Told);

        _pair.Wait(60);
        Call("");
        Call(Proof(Nonce()));
        Assert.Single(_pair.Bob.Told);
    }

    [Fact]
    public void Forged_senders_lock_nobody_out()
    {
        _carol.Send(SipScript.Invite());
        string nonce = Nonce();
        for (int attempt = 0; attempt < 20; attempt++)
        {
            // Who cannot read what is sent to Carol has no nonce of hers.
            Call(Proof(new string('0', nonce.Length), password: "guess"));
        }

        Call(Proof(nonce));
        Assert.Single(_pair.Bob.Told);
    }

    [Fact]
    public void Neither_our_proxy_nor_a_call_that_is_up_is_asked()
    {
        SipSettings settings = Settings() with
        {
            Accounts = [new SipAccount(SipScript.Local, "bob", new Secret("p"), TimeSpan.FromMinutes(10))],
        };
        SipPair proxied = new(bob: settings);
        SipScript carol = new(proxied);
        carol.Send(SipScript.Invite());
        Assert.Single(proxied.Bob.Told);

        _carol.Send(SipScript.Invite());
        Call(Proof(Nonce()));
        _pair.Do(() => _pair.Bob.Endpoint.Accept(new SipCall(1), SipPair.AnswerBytes, _pair.Now));
        string request = SipScript.Request("BYE", "z9hG4bKbye", 99, _carol.BobsTag());
        _carol.Send(request.Replace("carols-call", $"carols-call-{_sent}"));
        Assert.Equal("200 BYE", _carol.Summary()[^1]);
    }

    [Fact]
    public void The_tables_stay_bounded_and_forget_the_oldest()
    {
        WrongPasswords wrong = new(allowed: 1, TimeSpan.FromSeconds(60));
        Instant now = Instant.Zero + TimeSpan.FromSeconds(1);
        for (uint host = 0; host < 257; host++)
        {
            Assert.True(wrong.Count(NetworkEndpoint.FromIPv4(0x0A000000 + host, 5060), now + TimeSpan.FromMilliseconds(host)));
        }

        Assert.False(wrong.IsLocked(NetworkEndpoint.FromIPv4(0x0A000000, 5060), now));
        Assert.True(wrong.IsLocked(NetworkEndpoint.FromIPv4(0x0A000001, 9), now));
        Assert.False(wrong.IsLocked(NetworkEndpoint.FromIPv4(0x0A000001, 9), now + TimeSpan.FromSeconds(61)));
        _ = NetworkEndpoint.TryParseAddress("2001:db8::1", 1, out NetworkEndpoint one);
        _ = NetworkEndpoint.TryParseAddress("2001:db8::2", 1, out NetworkEndpoint neighbour);
        _ = wrong.Count(one, now + TimeSpan.FromSeconds(2));
        Assert.True(wrong.IsLocked(neighbour, now));

        NonceCounts counts = new();
        for (int nonce = 0; nonce < 64; nonce++)
        {
            Assert.True(counts.TryTake(Encoding.ASCII.GetBytes($"{nonce}"), 1, now + TimeSpan.FromSeconds(1), now));
        }

        Assert.False(counts.TryTake("another"u8, 1, now + TimeSpan.FromSeconds(1), now));
        Assert.True(counts.TryTake("1"u8, 2, now + TimeSpan.FromSeconds(1), now));
        Assert.True(counts.TryTake("another"u8, 1, now + TimeSpan.FromSeconds(9), now + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Hostile_credentials_are_refused()
    {
        DigestServer server = new(Settings().Callers! with { WrongAttempts = int.MaxValue }, new SeededRandom(5));
        string challenge = Encoding.ASCII.GetString(server.Challenges(SipScript.Local, isStale: false, _pair.Now));
        string proof = Proof(challenge.Split("nonce=\"")[1].Split('"')[0]).TrimEnd();
        for (int length = 0; length < proof.Length; length++)
        {
            Assert.NotEqual(DigestVerdict.Accepted, Judge(server, proof[..length]));
        }

        int accepted = 0;
        Random random = new(7);
        for (int change = 0; change < 2000; change++)
        {
            char[] text = proof.ToCharArray();
            text[random.Next(15, text.Length)] = (char)random.Next(' ', 127);
            accepted += Judge(server, new string(text)) == DigestVerdict.Accepted ? 1 : 0;
        }

        // A change of what does not count, the case of a parameter's name, is none; but the nonce is used up then.
        Assert.InRange(accepted, 0, 1);
    }

    private DigestVerdict Judge(DigestServer server, string line)
    {
        byte[] invite = Encoding.UTF8.GetBytes(SipScript.Invite(more: $"{line}\r\n"));
        return SipMessageReader.Read(invite, out SipMessage message, out _) == SipReading.Message
            ? server.Judge(message, SipScript.Local, _pair.Now, out _)
            : DigestVerdict.Missing;
    }

    private static SipSettings Settings(bool allowMd5 = false) => new()
    {
        DisplayName = "bob",
        User = "bob",
        Callers = new DigestServerSettings
        {
            Realm = "door",
            Accounts = [new CallerAccount("garden", new Secret("other")), new CallerAccount("kitchen", new Secret(Password))],
            AllowMd5 = allowMd5,
        },
    };

    /// <summary>Calls anew, with these header lines.</summary>
    private void Call(string more)
    {
        _sent++;
        string invite = SipScript.Invite(branch: $"z9hG4bKcall{_sent}", more: more);
        _carol.Send(invite.Replace("carols-call", $"carols-call-{_sent}"));
        Assert.NotEmpty(_carol.Received);
    }

    private string[] Challenges() =>
        [.. _carol.Received[^1].Split("\r\n").Where(line => line.StartsWith("WWW-Authenticate: ")).Select(line => line[18..])];

    private string Nonce() => Challenges()[^1].Split("nonce=\"")[1].Split('"')[0];

    /// <summary>RFC 7616 section 3.4.1.</summary>
    private static string Proof(string nonce, int count = 1, string password = Password, string algorithm = "SHA-256")
    {
        string nc = count.ToString("x8", CultureInfo.InvariantCulture);
        string first = Hash($"kitchen:door:{password}");
        string second = Hash($"INVITE:{SipScript.Bob}");
        string response = Hash($"{first}:{nonce}:{nc}:0a4f113b:auth:{second}");
        return $"Authorization: Digest username=\"kitchen\", realm=\"door\", nonce=\"{nonce}\", uri=\"{SipScript.Bob}\", "
            + $"response=\"{response}\", algorithm={algorithm}, qop=auth, nc={nc}, cnonce=\"0a4f113b\"\r\n";

        string Hash(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return algorithm == "SHA-512-256"
                ? Encoding.ASCII.GetString(DigestResponse.Hash(DigestAlgorithm.Sha512Truncated256, bytes))
                : Convert.ToHexStringLower(algorithm == "MD5" ? MD5.HashData(bytes) : SHA256.HashData(bytes));
        }
    }
}
