using ClusterDns.Kubernetes.Snapshots;
using ClusterDns.Testing.Fuzzing;
using ClusterDns.UnitTests.Kubernetes.Snapshots;
using Xunit;

namespace ClusterDns.UnitTests.Testing;

/// <summary>What fuzzing started from and what it has found, run again.</summary>
public sealed class FuzzCorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_of_the_corpus_ends_quietly(string name)
    {
        var target = FuzzTarget.All.Single(target => target.Name == name);
        var corpus = target.Corpus().ToList();

        Assert.NotEmpty(corpus);
        foreach (var (file, octets) in corpus)
        {
            Assert.True(Record.Exception(() => target.Run(octets)) is null, $"{name}/{file}: {Record.Exception(() => target.Run(octets))}");
        }
    }

    // Where these were refused, the target would have tested nothing.
    [Theory]
    [InlineData("cluster-ip", 3)]
    [InlineData("headless", 4)]
    [InlineData("external-name", 2)]
    [InlineData("load-balancer", 2)]
    [InlineData("pods", 3)]
    [InlineData("imports", 3)]
    [InlineData("twice", 5)]
    public void Snapshots_of_the_corpus_that_are_good_are_read(string file, int objects)
    {
        var octets = FuzzTarget.All.Single(static target => target.Name == "snapshot").Corpus().Single(input => input.File == file).Octets;
        using var reader = new SnapshotReader(new MemoryStream(octets));

        Assert.True(reader.TryReadHeader(out _, out _));
        Assert.True(reader.IsWhole());
        Assert.True(reader.TryReadObjects(new SinkTarget(), out var read));
        Assert.Equal(objects, read);
    }

    [Fact]
    public void A_target_says_what_is_wrong_by_throwing() =>
        Assert.ThrowsAny<Exception>(static () => new FuzzTarget("broken", static octets => _ = octets[7]).Run([]));
}
