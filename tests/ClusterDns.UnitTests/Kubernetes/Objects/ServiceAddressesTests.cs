using ClusterDns.Kubernetes.Objects;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Objects;

public sealed class ServiceAddressesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("10.96.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("0.0.0.1")]
    [InlineData("010.96.0.1")]
    [InlineData("10.96.0")]
    [InlineData("10.96.0.1.2")]
    [InlineData("10.96.0.256")]
    [InlineData("10.96..1")]
    [InlineData("10.96.0.")]
    [InlineData("10.96.0.+1")]
    [InlineData("fd00::1")]
    [InlineData("None")]
    [InlineData("10.96.0.1 fd00::1")]
    public void ToArray_gives_what_was_written(string written)
    {
        string[] texts = written.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var addresses = new ServiceAddresses(texts);
        Assert.Equal(texts, addresses.ToArray());
        Assert.Equal(texts.Length, addresses.Count);
        Assert.All(texts, text => Assert.True(addresses.Contains(text)));
        Assert.False(addresses.Contains("10.96.0.2"));
        Assert.True(addresses.Equals(new ServiceAddresses([.. texts.Select(static text => new string(text.AsSpan()))])));
        Assert.False(addresses.Equals(new ServiceAddresses(["10.96.0.3"])));
        Assert.Equal(written == "None", addresses.IsHeadless);
    }

    [Fact]
    public void Reading_an_address_allocates_nothing()
    {
        var addresses = new ServiceAddresses(["10.96.0.1"]);
        Span<char> room = stackalloc char[ServiceAddresses.LongestNumber];
        Assert.True(addresses[0, room].SequenceEqual("10.96.0.1"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int length = addresses[0, room].Length;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(9, length);
    }
}
