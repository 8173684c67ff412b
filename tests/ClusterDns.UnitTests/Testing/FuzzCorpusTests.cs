using ClusterDns.Testing.Fuzzing;
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

    [Fact]
    public void A_target_says_what_is_wrong_by_throwing() =>
        Assert.ThrowsAny<Exception>(static () => new FuzzTarget("broken", static octets => _ = octets[7]).Run([]));
}
