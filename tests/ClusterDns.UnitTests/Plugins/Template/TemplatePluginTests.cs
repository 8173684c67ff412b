using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Template;

public sealed class TemplatePluginTests
{
    private static readonly FakeHandler Behind = new(static query => query.Response.Fail(ResponseCode.Refused, "test"));

    [Fact]
    public async Task Answers_with_the_groups_of_the_expression_that_matches()
    {
        var chain = Chain("""
            template IN A example {
                match ^no[.]example[.]$ ^ip-(?P<a>[0-9]+)-(\d+)[.]example[.]$
                answer "{{ .Name }} 60 IN A 192.0.{{ .Group.a }}.{{ index .Match 2 }}"
            }
            """);

        var reply = await chain.AskAsync("IP-2-7.example");

        Assert.Equal("ip-2-7.example. 60 IN A 192.0.2.7", Assert.Single(reply!.Answer).ToString());
        Assert.NotEqual(0, reply.Bits & 0x0400);
    }

    [Fact]
    public async Task Fails_where_no_expression_matches()
    {
        var chain = Chain("template IN A example {\n match ^a[.]\n answer \"{{ .Name }} A 192.0.2.1\"\n}");
        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("b.example"))!.ResponseCode);
    }

    [Theory]
    [InlineData("fallthrough", "b.example", ResponseCode.Refused)]
    [InlineData("fallthrough sub.example", "b.sub.example", ResponseCode.Refused)]
    [InlineData("fallthrough sub.example", "b.example", ResponseCode.ServFail)]
    public async Task Falls_through_where_it_is_told_to(string fallthrough, string name, ResponseCode code)
    {
        var chain = Chain($"template IN A example {{\n match ^a[.]\n answer \"{{{{ .Name }}}} A 192.0.2.1\"\n {fallthrough}\n}}");
        Assert.Equal((int)code, (await chain.AskAsync(name))!.ResponseCode);
    }

    [Theory]
    [InlineData("a.example", RecordType.AAAA, RecordClass.IN)]
    [InlineData("a.example", RecordType.A, RecordClass.CH)]
    [InlineData("a.other", RecordType.A, RecordClass.IN)]
    public async Task Hands_on_questions_it_is_not_about(string name, RecordType type, RecordClass recordClass)
    {
        var chain = Chain("template IN A example {\n answer \"{{ .Name }} A 192.0.2.1\"\n}");
        Assert.Equal((int)ResponseCode.Refused, (await chain.AskAsync(name, type, recordClass))!.ResponseCode);
    }

    [Fact]
    public async Task Tries_templates_in_their_order()
    {
        var chain = Chain("""
            template IN A example {
                match ^a[.]
                answer "{{ .Name }} A 192.0.2.1"
                fallthrough
            }
            template IN ANY . {
                answer "{{ .Name }} A 192.0.2.2"
            }
            """);

        Assert.Equal("a.example. 3600 IN A 192.0.2.1", Assert.Single((await chain.AskAsync("a.example"))!.Answer).ToString());
        Assert.Equal("b.example. 3600 IN A 192.0.2.2", Assert.Single((await chain.AskAsync("b.example"))!.Answer).ToString());
    }

    [Fact]
    public async Task Fills_the_other_sections_and_the_response_code()
    {
        var chain = Chain("""
            template ANY ANY invalid {
                rcode NXDOMAIN
                authority "invalid. 60 IN SOA ns.invalid. hostmaster.invalid. 1 2 3 4 5"
                additional "ns.invalid. 60 IN A 192.0.2.9"
                ederror 21 "not here"
            }
            """);

        var reply = await chain.AskAsync("a.invalid", RecordType.MX, edns: 1232);

        Assert.Equal((int)ResponseCode.NXDomain, reply!.ResponseCode);
        Assert.Equal("invalid. 60 IN SOA ns.invalid. hostmaster.invalid. 1 2 3 4 5", Assert.Single(reply.Authority).ToString());
        Assert.Equal("ns.invalid. 60 IN A 192.0.2.9", Assert.Single(reply.Additional).ToString());
        var option = Assert.Single(reply.Opt!.Options);
        Assert.Equal(15, option.Code);
        Assert.Equal([0, 21, .. "not here"u8], option.Value);
    }

    [Fact]
    public async Task Follows_an_alias_that_answers_an_address_question()
    {
        var chain = Chain("""
            template IN ANY alias {
                answer "{{ .Name }} 60 IN CNAME target.example."
            }
            template IN A example {
                answer "{{ .Name }} 60 IN A 192.0.2.1"
            }
            """);

        Assert.Equal(
            ["a.alias. 60 IN CNAME target.example.", "target.example. 60 IN A 192.0.2.1"],
            (await chain.AskAsync("a.alias"))!.Answer.Select(static record => record.ToString()));
        Assert.Single((await chain.AskAsync("a.alias", RecordType.CNAME))!.Answer);
    }

    [Theory]
    [InlineData("{{ .Name }} 60 IN A not-an-address")]
    [InlineData("{{ .Name }} 60 IN A {{ .Group.missing }}")]
    [InlineData("{{ index .Match 9 }} 60 IN A 192.0.2.1")]
    [InlineData("{{ parseInt \\\"x\\\" 10 8 }} 60 IN A 192.0.2.1")]
    public async Task Fails_where_a_template_makes_no_record(string answer)
    {
        var chain = Chain($"template IN A example {{\n answer \"{answer}\"\n}}");
        var reply = await chain.AskAsync("a.example");
        Assert.Equal((int)ResponseCode.ServFail, reply!.ResponseCode);
        Assert.Empty(reply.Answer);
    }

    [Theory]
    [InlineData("answer \"{{ .Name\"")]
    [InlineData("answer \"{{ nothing }} A 192.0.2.1\"")]
    [InlineData("answer")]
    [InlineData("match (")]
    [InlineData("match a(?=b)")]
    [InlineData("rcode NOTHING")]
    [InlineData("ederror x")]
    [InlineData("nothing")]
    public void Refuses_a_mistake_with_its_line(string property)
    {
        var mistake = Assert.Throws<CorefileException>(() => Chain($"template IN A example {{\n rcode NOERROR\n {property}\n}}"));
        Assert.StartsWith("Corefile:4: ", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("template IN")]
    [InlineData("template NOTHING A")]
    [InlineData("template IN NOTHING")]
    public void Refuses_a_question_that_there_is_not(string directive)
    {
        var mistake = Assert.Throws<CorefileException>(() => Chain(directive));
        Assert.StartsWith("Corefile:2: ", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.example")]
    [InlineData("a.other")]
    public void Allocates_nothing_where_the_records_are_constant(string name)
    {
        var chain = Chain("""
            template IN A example {
                match ^a[.]
                answer "{{ .Name }} 60 IN A 192.0.2.1"
                answer "{{ .Name }} 60 IN A 192.0.2.2"
                additional "ns.example. 60 IN A 192.0.2.3"
            }
            """);

        Assert.Equal(0, chain.MeasureAllocation(name));
    }

    private static ChainHarness Chain(string directives) => new($".:53 {{\n{directives}\n}}\n", Behind);
}
