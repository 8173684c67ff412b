using ClusterDns.Core.Corefile;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class AzureTests : IAsyncLifetime
{
    private const string Soa = "az.test. 3600 IN SOA ns1.azure.test. hostmaster.azure.test. 1 3600 300 2419200 300";

    private const string Start = """
        {"properties":{"TTL":3600,"fqdn":"az.test.","SOARecord":{"host":"ns1.azure.test.","email":"hostmaster.azure.test","serialNumber":1,
        "refreshTime":3600,"retryTime":300,"expireTime":2419200,"minimumTTL":300}}}
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private HttpDouble? _azure;

    private HttpDouble Azure => _azure ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _azure = await HttpDouble.StartAsync(Answer);
        var file = Path.Combine(_folder, "cloud.json");
        await File.WriteAllTextAsync(
            file, $$"""{"name":"local","activeDirectoryEndpoint":"{{Azure.Address}}","resourceManagerEndpoint":"{{Azure.Address}}"}""");
        Environment.SetEnvironmentVariable("AZURE_ENVIRONMENT_FILEPATH", file);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("AZURE_ENVIRONMENT_FILEPATH", null);
        await Azure.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("a.az.test", "A", "a.az.test. 60 IN A 10.0.0.1|a.az.test. 60 IN A 10.0.0.2")]
    [InlineData("six.az.test", "AAAA", "six.az.test. 60 IN AAAA 2001:db8::1")]
    [InlineData("mail.az.test", "MX", "mail.az.test. 60 IN MX 10 a.az.test.|+a.az.test. 60 IN A 10.0.0.1|+a.az.test. 60 IN A 10.0.0.2")]
    [InlineData("text.az.test", "TXT", "text.az.test. 60 IN TXT \"one \\\"so\\\"\" \"two\"")]
    [InlineData("alias.az.test", "CNAME", "alias.az.test. 60 IN CNAME a.az.test.")]
    [InlineData("srv.az.test", "SRV", "srv.az.test. 60 IN SRV 1 2 3 elsewhere.test.")]
    [InlineData("caa.az.test", "CAA", "caa.az.test. 60 IN CAA 0 issue \"ca.test\"")]
    [InlineData("x.star.az.test", "PTR", "x.star.az.test. 60 IN PTR a.az.test.")]
    [InlineData("none.az.test", "A", "NXDomain|" + Soa)]
    [InlineData("a.elsewhere.test", "A", "next")]
    public async Task Answers_from_the_hosted_zones(string name, string type, string expected)
    {
        var chain = await StartAsync("azure group:az.test", "secret hidden");

        Assert.Equal(expected, await chain.DescribeAsync(name, type));
    }

    [Fact]
    public async Task Private_zones_are_asked_for_elsewhere()
    {
        var chain = await StartAsync("azure group:az.test", "secret hidden\n access private");

        Assert.Equal("p.az.test. 60 IN A 10.5.5.5", await chain.DescribeAsync("p.az.test"));
    }

    [Fact]
    public async Task One_token_serves_all_pages()
    {
        await StartAsync("azure group:az.test", "secret hidden");

        var form = Assert.Single(Azure.Requests, static request => request.Path == "/T1/oauth2/v2.0/token").Form;
        Assert.Equal(
            ("client_credentials", "C1", "hidden", $"{Azure.Address.GetLeftPart(UriPartial.Authority)}/.default"),
            (form["grant_type"], form["client_id"], form["client_secret"], form["scope"]));
        var pages = Azure.Requests.Where(static request => request.Method == "GET").ToArray();
        Assert.Equal(2, pages.Length);
        Assert.All(pages, static page => Assert.Equal("Bearer secret-token", page.Header("Authorization")));
    }

    [Fact]
    public async Task The_token_goes_to_no_other_server()
    {
        await using var thief = await HttpDouble.StartAsync(static _ => new DoubleReply("{}"));
        Azure.Answer(request => request.Method == "POST"
            ? Answer(request)
            : new DoubleReply($$"""{"value":[{{Start}}],"nextLink":"{{thief.Address}}more"}"""));

        var error = await Assert.ThrowsAsync<CorefileException>(() => StartAsync("azure group:az.test", "secret hidden"));
        Assert.Contains("a link to the next page that is not followed", error.Message, StringComparison.Ordinal);
        Assert.Empty(thief.Requests);
    }

    [Fact]
    public async Task A_refused_token_keeps_the_server_from_starting()
    {
        Azure.Answer(static _ => new DoubleReply("""{"error":"invalid_client"}""", 401));

        var error = await Assert.ThrowsAsync<CorefileException>(() => StartAsync("azure group:az.test", "secret hidden"));
        Assert.StartsWith("Corefile:2: plugin/azure: failed to initialize azure plugin: group:az.test: token endpoint answered 401", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azure az.test", "", "RESOURCE_GROUP:ZONE")]
    [InlineData("azure group:", "", "RESOURCE_GROUP:ZONE")]
    [InlineData("azure g:az.test g:az.test", "", "conflict zone")]
    [InlineData("azure g:az.test", "tenant", "1 argument")]
    [InlineData("azure g:az.test", "environment AzureMoonCloud", "AzurePublicCloud")]
    [InlineData("azure g:az.test", "access secret", "public or private")]
    [InlineData("azure g:az.test", "colour blue", "unknown property")]
    public void Configure_refuses_what_it_does_not_know(string directive, string option, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain(directive, option));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private DoubleReply Answer(DoubleRequest request) => request switch
    {
        { Method: "POST" } => new DoubleReply("""{"token_type":"Bearer","expires_in":"3599","access_token":"secret-token"}"""),
        { Path: "/subscriptions/S1/resourceGroups/group/providers/Microsoft.Network/privateDnsZones/az.test/ALL", Query: "?api-version=2018-09-01" } =>
            new DoubleReply($$$"""{"value":[{{{Start}}},{"properties":{"ttl":60,"fqdn":"p.az.test.","aRecords":[{"ipv4Address":"10.5.5.5"}]}}]}"""),
        { Path: "/subscriptions/S1/resourceGroups/group/providers/Microsoft.Network/dnsZones/az.test/recordsets", Query: "?api-version=2018-05-01" } =>
            new DoubleReply(
                $$$"""{"value":[{{{Start}}},{{{Set("a", """ "ARecords":[{"ipv4Address":"10.0.0.1"},{"ipv4Address":"10.0.0.2"}]""")}}},"""
                + Set("six", """ "AAAARecords":[{"ipv6Address":"2001:db8::1"}]""") + ","
                + Set("mail", """ "MXRecords":[{"preference":10,"exchange":"a.az.test"}]""") + ","
                + Set("srv", """ "SRVRecords":[{"priority":1,"weight":2,"port":3,"target":"elsewhere.test"}]""")
                + $$"""],"nextLink":"{{Azure.Address}}page2"}"""),
        { Path: "/page2" } => new DoubleReply(
            "{\"value\":[" + Set("text", """ "TXTRecords":[{"value":["one \"so\"","two"]}]""") + ","
            + Set("alias", """ "CNAMERecord":{"cname":"a.az.test"}""") + ","
            + Set("caa", """ "caaRecords":[{"flags":0,"tag":"issue","value":"ca.test"}]""") + ","
            + Set("*.star", """ "PTRRecords":[{"ptrdname":"a.az.test"}]""") + "]}"),
        _ => new DoubleReply("", 404),
    };

    private static string Set(string name, string records) => "{\"properties\":{\"TTL\":60,\"fqdn\":\"" + name + ".az.test.\"," + records + "}}";

    private async Task<ChainHarness> StartAsync(string directive, string option)
    {
        var chain = Chain(directive, option);
        await chain.StartAsync();
        return chain;
    }

    private ChainHarness Chain(string directive, string option) => new(
        $".:53 {{\n {directive} {{\n tenant T1\n client C1\n subscription S1\n environment AzureStackCloud\n {option}\n }}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(Replies.Next, "test")),
        _time);
}
