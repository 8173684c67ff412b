using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>What counts as the same reply.</summary>
public sealed class AgreementTests
{
    private const string Two = """{"answer":["a. 60 IN A 10.0.0.1","a. 60 IN A 10.0.0.2"]}""";

    [Theory]
    [InlineData("{}", Two, """{"answer":["a. 60 IN A 10.0.0.2","a. 60 IN A 10.0.0.1"]}""", true)]
    [InlineData("""{"order":1}""", Two, """{"answer":["a. 60 IN A 10.0.0.2","a. 60 IN A 10.0.0.1"]}""", false)]
    [InlineData("{}", Two, """{"answer":["a. 59 IN A 10.0.0.1","a. 60 IN A 10.0.0.2"]}""", false)]
    [InlineData("""{"ttl":"range"}""", Two, """{"answer":["a. 59 IN A 10.0.0.1","a. 60 IN A 10.0.0.2"]}""", true)]
    [InlineData("""{"ttl":"range"}""", Two, """{"answer":["a. 58 IN A 10.0.0.1","a. 60 IN A 10.0.0.2"]}""", false)]
    [InlineData("""{"mask":["ttl"]}""", Two, """{"answer":["a. 5 IN A 10.0.0.1","a. 6 IN A 10.0.0.2"]}""", true)]
    [InlineData("{}", Two, """{"answer":["a. 60 IN A 10.0.0.1"]}""", false)]
    [InlineData("{}", """{"rcode":"NOERROR"}""", """{"rcode":"NXDOMAIN"}""", false)]
    [InlineData(
        "{}",
        """{"answer":["a. 1 IN CNAME b.","b. 1 IN CNAME c."]}""",
        """{"answer":["b. 1 IN CNAME c.","a. 1 IN CNAME b."]}""",
        false)]
    [InlineData(
        "{}",
        """{"edns":{"version":0,"payload":1232,"do":0,"options":[[10,"00"]]}}""",
        """{"edns":{"version":0,"payload":4096,"do":0,"options":[]}}""",
        true)]
    [InlineData("{}", """{"edns":{"version":0,"payload":1232,"do":1}}""", """{"edns":{"version":0,"payload":1232,"do":0}}""", false)]
    [InlineData("{}", """{"rcode":"NOERROR","edns":{"version":0,"payload":1232,"do":1}}""", """{"rcode":"NOERROR"}""", false)]
    [InlineData(
        """{"times":10}""",
        """{"first":{"x":[3,7],"y":[3,7]},"set":["x","y"]}""",
        """{"first":{"x":5,"y":5},"set":["x","y"]}""",
        true)]
    [InlineData(
        """{"times":10}""",
        """{"first":{"x":[3,7],"y":[3,7]},"set":["x","y"]}""",
        """{"first":{"x":9,"y":1},"set":["x","y"]}""",
        false)]
    public void Holds_only_when_what_must_agree_agrees(string question, string want, string got, bool holds)
    {
        ConformanceCase c = new(0, Json(question));

        Assert.Equal(holds, Agreement.Holds(Masked(want, c), Masked(got, c), c));
    }

    private static JsonObject Masked(string reply, ConformanceCase c) => ReplyMasks.Apply(Json(reply), c, kubernetesKind: false);

    private static JsonObject Json(string text) => JsonNode.Parse(text) as JsonObject ?? [];
}
