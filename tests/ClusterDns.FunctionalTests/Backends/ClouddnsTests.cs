using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterDns.Core.Corefile;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class ClouddnsTests : IAsyncLifetime
{
    private const string Soa = "gcp.test. 21600 IN SOA ns.gcp.test. hostmaster.gcp.test. 1 21600 3600 259200 300";

    private const string FirstPage = """
        {"kind":"dns#resourceRecordSetsListResponse","nextPageToken":"p 2","rrsets":[
        {"name":"gcp.test.","type":"SOA","ttl":21600,"rrdatas":["ns.gcp.test. hostmaster.gcp.test. 1 21600 3600 259200 300"]},
        {"name":"a.gcp.test.","type":"A","ttl":60,"rrdatas":["10.0.0.1","10.0.0.2"]}]}
        """;

    private const string SecondPage = """
        {"rrsets":[{"name":"text.gcp.test.","type":"TXT","ttl":60,"rrdatas":["\"one\" \"two\""]},
        {"name":"alias.gcp.test.","type":"CNAME","ttl":60,"rrdatas":["a.gcp.test"]}]}
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly RSA _key = RSA.Create(2048);
    private HttpDouble? _google;

    private HttpDouble Google => _google ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _google = await HttpDouble.StartAsync(Answer);
        Environment.SetEnvironmentVariable("CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS", Google.Address.ToString());
        Environment.SetEnvironmentVariable("GCE_METADATA_HOST", Google.Address.Authority);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS", null);
        Environment.SetEnvironmentVariable("GCE_METADATA_HOST", null);
        await Google.DisposeAsync();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("a.gcp.test", "A", "a.gcp.test. 60 IN A 10.0.0.1|a.gcp.test. 60 IN A 10.0.0.2")]
    [InlineData("text.gcp.test", "TXT", "text.gcp.test. 60 IN TXT \"one\" \"two\"")]
    [InlineData("alias.gcp.test", "CNAME", "alias.gcp.test. 60 IN CNAME a.gcp.test.")]
    [InlineData("none.gcp.test", "A", "NXDomain|" + Soa)]
    [InlineData("elsewhere.test", "A", "next")]
    public async Task Answers_from_the_hosted_zones(string name, string type, string expected)
    {
        var chain = await StartAsync($"credentials {ServiceAccount()}");

        Assert.Equal(expected, await chain.DescribeAsync(name, type));
    }

    [Fact]
    public async Task A_service_account_signs_who_it_is()
    {
        await StartAsync($"credentials {ServiceAccount()}");

        var form = Assert.Single(Google.Requests, static request => request.Path == "/token").Form;
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var parts = form["assertion"].Split('.');
        Assert.True(_key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal("dns@gcp.test", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal($"{Google.Address}token", claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds() + 3600, claims.RootElement.GetProperty("exp").GetInt64());
        Assert.Equal(
            ["", "?pageToken=p%202"],
            Google.Requests.Where(static request => request.Method == "GET").Select(static request => request.Query));
    }

    [Fact]
    public async Task A_user_shows_a_refresh_token()
    {
        var file = Write($$"""{"type":"authorized_user","client_id":"id","client_secret":"hidden","refresh_token":"r1","token_uri":"{{Google.Address}}token"}""");
        var chain = await StartAsync($"credentials {file}");

        Assert.StartsWith("a.gcp.test.", await chain.DescribeAsync("a.gcp.test"), StringComparison.Ordinal);
        var form = Assert.Single(Google.Requests, static request => request.Path == "/token").Form;
        Assert.Equal(("refresh_token", "id", "hidden", "r1"), (form["grant_type"], form["client_id"], form["client_secret"], form["refresh_token"]));
    }

    [Fact]
    public async Task Without_credentials_the_machine_is_asked()
    {
        var chain = await StartAsync("");

        Assert.StartsWith("a.gcp.test.", await chain.DescribeAsync("a.gcp.test"), StringComparison.Ordinal);
        var request = Assert.Single(Google.Requests, static request => request.Path == "/computeMetadata/v1/instance/service-accounts/default/token");
        Assert.Equal("Google", request.Header("Metadata-Flavor"));
    }

    [Fact]
    public async Task A_zone_that_is_not_there_keeps_the_server_from_starting()
    {
        Google.Answer(request => request.Path == "/token" ? Answer(request) : new DoubleReply("""{"error":{"code":404}}""", 404));

        var error = await Assert.ThrowsAsync<CorefileException>(() => StartAsync($"credentials {ServiceAccount()}"));
        Assert.StartsWith(
            "Corefile:2: plugin/clouddns: failed to initialize clouddns plugin: project:zone: Cloud DNS answered 404", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clouddns gcp.test:project", "", "ZONE:PROJECT:HOSTED_ZONE")]
    [InlineData("clouddns gcp.test::zone", "", "ZONE:PROJECT:HOSTED_ZONE")]
    [InlineData("clouddns a.test:p:z a.test:p:z", "", "conflict zone")]
    [InlineData("clouddns a.test:p:z", "credentials", "1 argument")]
    [InlineData("clouddns a.test:p:z", "credentials /no/such/file", "invalid credentials file /no/such/file")]
    [InlineData("clouddns a.test:p:z", "colour blue", "unknown property")]
    public void Configure_refuses_what_it_does_not_know(string directive, string option, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain(directive, option));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "missing `type`")]
    [InlineData("""{"type":"password"}""", "unknown credential type")]
    [InlineData("""{"type":"external_account"}""", "not supported")]
    [InlineData("nothing", "invalid credentials file")]
    public void Configure_refuses_other_credentials(string content, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain("clouddns a.test:p:z", $"credentials {Write(content)}"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static DoubleReply Answer(DoubleRequest request) => request switch
    {
        { Path: "/token" } or { Path: "/computeMetadata/v1/instance/service-accounts/default/token" } =>
            new DoubleReply("""{"access_token":"secret-token","expires_in":3599,"token_type":"Bearer"}"""),
        _ when request.Header("Authorization") != "Bearer secret-token" => new DoubleReply("", 401),
        { Path: "/dns/v1/projects/project/managedZones/zone/rrsets", Query: "" } => new DoubleReply(FirstPage),
        { Path: "/dns/v1/projects/project/managedZones/zone/rrsets" } => new DoubleReply(SecondPage),
        _ => new DoubleReply("", 404),
    };

    private string ServiceAccount() => Write(JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["client_email"] = "dns@gcp.test",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem(),
        ["private_key_id"] = "k1",
        ["token_uri"] = $"{Google.Address}token",
    }));

    private string Write(string content)
    {
        var file = Path.Combine(_folder, "credentials.json");
        File.WriteAllText(file, content);
        return file;
    }

    private async Task<ChainHarness> StartAsync(string option)
    {
        var chain = Chain("clouddns gcp.test:project:zone", option);
        await chain.StartAsync();
        return chain;
    }

    private ChainHarness Chain(string directive, string option) => new(
        $".:53 {{\n {directive} {{\n {option}\n }}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(Replies.Next, "test")),
        _time);
}
