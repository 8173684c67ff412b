using System.Net;
using ClusterDns.Core.Expressions;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Expressions;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("name() == 'www.example.org.'")]
    [InlineData("type() == 'AAAA' and class() == \"IN\"")]
    [InlineData("proto() == `udp` && port() == '40000' && server_port() == '53'")]
    [InlineData("client_ip() == '10.1.2.3'")]
    [InlineData("server_ip() == '127.0.0.1'")]
    [InlineData("size() == 44 and bufsize() == 1232 and id() == 0x1267 and opcode() == 0 and do()")]
    [InlineData("incidr(client_ip(), '10.0.0.0/8') and not incidr(client_ip(), '192.168.0.0/16')")]
    [InlineData("incidr('2001:db8::1', '2001:db8::/32') && !incidr(client_ip(), '::/0')")]
    [InlineData("incidr(client_ip(), '10.1.2.0/' + '24')")]
    [InlineData("metadata('test/label') == 'value' and metadata('no/such') == ''")]
    [InlineData("name() endsWith '.org.' and name() startsWith 'www' and name() contains 'example'")]
    [InlineData("name() not contains 'net' and name() not matches '^mail'")]
    [InlineData(@"name() matches '^www[.]ex(a|b)mple\\.org\\.$'")]
    [InlineData("type() in ['A', 'AAAA'] and type() not in ['TXT',]")]
    [InlineData("id() in 4711..4712 and not (id() in 1..3) and 3 in 1..3")]
    [InlineData("len(name()) < 20 and len([1, 2]) == 2 and len('') == 0")]
    [InlineData("1 + 2 * 3 == 7 and (1 + 2) * 3 == 9 and 2 ** 3 ** 2 == 512 and 7 % 4 == 3 and 1 / 2 == 0.5")]
    [InlineData("-1 < 0 and 0 < 1 <= 1 and not (3 > 2 > 2) and 1_000 == 1e3 and 0b11 == 3 and 0o17 == 15")]
    [InlineData("'b' > 'a' and 'a' + 'b' == 'ab' and '\\x41\\u0042\\t' == 'AB\t'")]
    [InlineData("true or incidr('nonsense', 'nonsense')")]
    [InlineData("do() ? type() == 'AAAA' : false")]
    [InlineData("(nil ?? 'x') == 'x' and first([]) == nil")]
    [InlineData("lower('ABC') == 'abc' and upper('abc') == 'ABC' and trim(' a ') == 'a' and trim('xax', 'x') == 'a'")]
    [InlineData("trimPrefix(name(), 'www.') == 'example.org.' and trimSuffix(name(), '.org.') == 'www.example'")]
    [InlineData("hasPrefix(name(), 'www') and hasSuffix(name(), '.') and indexOf(name(), 'e') == 4 and lastIndexOf(name(), 'o') == 12")]
    [InlineData("split(name(), '.')[1] == 'example' and split(name(), '.')[-2] == 'org' and last([1, 2]) == 2")]
    [InlineData("join(split('a.b', '.'), '-') == 'a-b' and replace('aXa', 'X', '') == 'aa'")]
    [InlineData("name()[0:3] == 'www' and [1, 2, 3][1:] == [2, 3] and name()[-4:] == 'org.'")]
    [InlineData("any(['10.0.0.0/8', '172.16.0.0/12'], incidr(client_ip(), #))")]
    [InlineData("all([1, 2], {# > 0}) and none([1], # > 1) and one([1, 2], # == 2) and count([1, 2, 3], # > 1) == 2")]
    [InlineData("filter([1, 2, 3], # > 1) == [2, 3] and map([1, 2], # * #index) == [0, 2] and find([1, 2], # > 1) == 2")]
    [InlineData("any([1, 2], any([2, 3], # == 3) and # == 1)")]
    [InlineData("name() | lower() | hasSuffix('.org.')")]
    [InlineData("abs(-1) == 1 and ceil(1.2) == 2 and floor(1.8) == 1 and round(1.5) == 2 and min(3, 1, 2) == 1 and max([1, 3]) == 3")]
    [InlineData("int('12') == 12 and float('1.5') == 1.5 and string(12) == '12' and sum([1, 2]) == 3 and int(port()) > 1024")]
    public void IsTrue_is_true_of_what_holds(string expression) => Assert.True(Expression.Parse(expression).IsTrue(Query()), expression);

    [Theory]
    [InlineData("name() == 'WWW.example.org.'")]
    [InlineData("type() == 'A' or client_ip() == '10.1.2.4'")]
    [InlineData("1 == 1 and 1 == 2")]
    public void IsTrue_is_false_of_what_does_not_hold(string expression) => Assert.False(Expression.Parse(expression).IsTrue(Query()));

    [Theory]
    [InlineData("name()")]
    [InlineData("1")]
    [InlineData("nil")]
    [InlineData("incidr(client_ip(), 'nonsense')")]
    [InlineData("incidr(client_ip(), '10.0.0.0')")]
    [InlineData("incidr(name(), '10.0.0.0/8') or true")]
    [InlineData("1 % 0 == 0 or true")]
    [InlineData("[1][1] == 1 or true")]
    [InlineData("int('x') == 0 or true")]
    [InlineData("split('1', '.')[0] > 0 or true")]
    [InlineData("len(0..1000000) > 0")]
    public void IsTrue_is_false_where_nothing_true_can_be_computed(string expression) => Assert.False(Expression.Parse(expression).IsTrue(Query()));

    [Theory]
    [InlineData("(", "the end")]
    [InlineData("", "the end")]
    [InlineData("nosuch() == 1", "unknown name nosuch")]
    [InlineData("nosuch", "unknown name nosuch")]
    [InlineData("name == 'a'", "write name()")]
    [InlineData("name() == 1", "mismatched types string and int")]
    [InlineData("name() and true", "mismatched types string and bool")]
    [InlineData("not name() contains 'x'", "not (string)")]
    [InlineData("incidr(client_ip())", "not enough arguments")]
    [InlineData("type('A')", "too many arguments")]
    [InlineData("incidr(client_ip(), 8)", "cannot use int")]
    [InlineData("name() in 'abc'", "mismatched types")]
    [InlineData("name() matches '('", "regular expression")]
    [InlineData("name() matches type()", "written down")]
    [InlineData("name()[0] == 'a'", "undefined")]
    [InlineData("1 ? 2 : 3", "condition")]
    [InlineData("any('a', # == 'a')", "takes an array")]
    [InlineData("# == 1", "unexpected '#'")]
    [InlineData("'abc", "without an end")]
    [InlineData("name() == 'a' name()", "unexpected 'name'")]
    [InlineData("1 ~ 2", "unexpected character")]
    public void Parse_refuses_what_could_never_be_computed(string expression, string message) =>
        Assert.Contains(message, Assert.Throws<ExpressionException>(() => Expression.Parse(expression)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_refuses_what_is_nested_without_measure() => Assert.Throws<ExpressionException>(
        () => Expression.Parse(new string('(', 5000) + "true" + new string(')', 5000)));

    [Theory]
    [InlineData("incidr(client_ip(), '10.0.0.0/8') and client_ip() != '10.0.0.1'")]
    [InlineData("name() == 'www.example.org.' and name() endsWith '.org.' and name() matches '^www'")]
    [InlineData("type() in ['A', 'AAAA'] and server_port() == '53' and metadata('test/label') == 'value'")]
    public void IsTrue_allocates_nothing(string expression)
    {
        var compiled = Expression.Parse(expression);
        var query = Query();
        for (var warm = 0; warm < 100; warm++)
        {
            Assert.True(compiled.IsTrue(query));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
        {
            compiled.IsTrue(query);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // www.example.org. AAAA with EDNS and DO from 10.1.2.3.
    private static QueryContext Query()
    {
        var query = new QueryContext();
        var request = ChainHarness.Question("WWW.example.org", RecordType.AAAA, edns: 1232, dnssecOk: true);
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(
            request.Length,
            TransportProtocol.Udp,
            new SocketEndpoint(IPAddressValue.From(IPAddress.Parse("10.1.2.3")), 40000),
            new SocketEndpoint(IPAddressValue.From(IPAddress.Loopback), 53),
            new ListenerIdentity("dns://127.0.0.1:53", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        query.CollectMetadata().Set("test/label", static _ => "value");
        return query;
    }
}
