using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>The reader of compiled code must see every way in which one type can use another, or the house is not held.</summary>
public sealed class CompiledAssemblyTests
{
    private static readonly CompiledAssembly Tests = CompiledAssembly.Read("IntercomAgent.Tests.Unit.dll");

    private static readonly string[] UsedBySample = Tests.Uses
        .Where(use => use.User == typeof(Sample<>).FullName)
        .Select(use => use.Used)
        .ToArray();

    [Theory]
    [InlineData(typeof(EventArgs), "base type")]
    [InlineData(typeof(IDisposable), "interface")]
    [InlineData(typeof(IFormatProvider), "constraint")]
    [InlineData(typeof(Uri), "type argument of a field")]
    [InlineData(typeof(TextReader), "parameter")]
    [InlineData(typeof(Version), "element of an array that is returned")]
    [InlineData(typeof(StringBuilder), "object that is made")]
    [InlineData(typeof(CultureInfo), "static property")]
    [InlineData(typeof(TimeSpan), "result of a method of another type, of which no variable is kept")]
    [InlineData(typeof(Stream), "type argument of a call")]
    [InlineData(typeof(FormatException), "exception that is caught")]
    [InlineData(typeof(Guid), "typeof")]
    [InlineData(typeof(DateTime), "use in a lambda")]
    [InlineData(typeof(Monitor), "lock")]
    [InlineData(typeof(Task), "async")]
    public void Sees_the(Type used, string way)
    {
        Assert.True(UsedBySample.Contains(used.FullName), $"does not see: {way}");
    }

    [Fact]
    public void Sees_no_more_than_there_is()
    {
        Assert.DoesNotContain(typeof(Random).FullName, UsedBySample);
    }
}

/// <summary>Uses one type in each way.</summary>
internal sealed class Sample<T> : EventArgs, IDisposable
    where T : IFormatProvider
{
    private readonly List<Uri> _field = [];
    private readonly object _monitor = new();

    public Version[] Signature(TextReader reader) => reader.Peek() > _field.Count ? [] : null!;

    public string Body(object value)
    {
        try
        {
            StringBuilder text = new();
            object[] nothing = Array.Empty<Stream>();
            Func<bool> isLeap = () => DateTime.IsLeapYear(nothing.Length + 2000);
            return $"{text}{CultureInfo.CurrentCulture}{typeof(Guid)}{isLeap()}{TimeZoneInfo.Local.BaseUtcOffset.GetHashCode()}";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        lock (_monitor)
        {
            _field.Clear();
        }
    }

    public async Task Later() => await Task.CompletedTask;
}
