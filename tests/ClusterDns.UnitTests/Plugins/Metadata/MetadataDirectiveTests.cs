using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Metadata;

public sealed class MetadataDirectiveTests
{
    private const string Corefile = """
        . {
            metadata example.org
            template IN TXT {
                answer "{{ .Name }} 60 IN TXT \"{{ .Meta \"test/type\" }}\""
            }
        }
        """;

    private readonly ChainHarness _chain = new(Corefile);

    public MetadataDirectiveTests() => _chain.Block.Export(new TypeLabel());

    [Theory]
    [InlineData("www.example.org", "TXT")]
    [InlineData("www.example.com", "")]
    public async Task Labels_are_there_within_the_zones(string name, string expected)
    {
        var reply = await _chain.AskAsync(name, RecordType.TXT);

        Assert.Equal($"{name}. 60 IN TXT \"{expected}\"", Assert.Single(reply!.Answer).ToString());
    }

    [Fact]
    public async Task Labels_end_with_their_query_when_its_context_serves_the_next_one()
    {
        var query = new QueryContext();
        await _chain.RunAsync(query, ChainHarness.Question("www.example.org", RecordType.TXT));
        Assert.Equal(["test/type"], query.Metadata!.Labels);

        await _chain.RunAsync(query, ChainHarness.Question("www.example.com", RecordType.TXT));

        Assert.Empty(query.Metadata!.Labels);
    }

    [Fact]
    public void Allocates_nothing()
    {
        var chain = new ChainHarness(". {\n metadata\n erratic {\n drop 0\n }\n}\n");
        chain.Block.Export(new TypeLabel());

        Assert.Equal(0, chain.MeasureAllocation("example.org"));
    }

    private sealed class TypeLabel : IMetadataProvider
    {
        public void Provide(QueryContext query, MetadataValues values) => values.Set("test/type", static query => $"{query.Type}");
    }
}
