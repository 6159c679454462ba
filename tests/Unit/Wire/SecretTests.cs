using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Wire;

public sealed class SecretTests
{
    private sealed record Account(string User, Secret Password);

    [Fact]
    public void Prints_nothing_of_itself()
    {
        Secret secret = new("correct horse");

        Assert.Equal("***", secret.ToString());
        Assert.DoesNotContain("horse", new Account("door", secret).ToString());
        Assert.Equal("correct horse", secret.Reveal());
    }

    [Fact]
    public void Equals_a_secret_with_the_same_text()
    {
        Assert.Equal(new Account("door", new Secret("correct horse")), new Account("door", new Secret("correct horse")));
        Assert.NotEqual(new Secret("correct horse"), new Secret("correct hors3"));
        Assert.NotEqual(new Secret("correct horse"), new Secret("correct horse "));
        Assert.False(new Secret("").Equals(null));
    }
}
