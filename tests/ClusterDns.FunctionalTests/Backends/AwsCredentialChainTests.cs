using ClusterDns.Plugins.Aws;
using ClusterDns.Plugins.Backends;
using ClusterDns.Testing;
using ClusterDns.Testing.Backends;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class AwsCredentialChainTests : IDisposable
{
    private const string Role = """{"AccessKeyId":"A1","SecretAccessKey":"S1","Token":"T1","Expiration":"2025-01-01T01:00:00Z"}""";

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["AWS_EC2_METADATA_DISABLED"] = "true" };
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = BackendHttp.Create(Patience.Limit);
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Keys_of_the_Corefile_come_first()
    {
        _environment["AWS_ACCESS_KEY_ID"] = "other";
        _environment["AWS_SECRET_ACCESS_KEY"] = "other";

        Assert.Equal("mine", (await FindAsync(new AwsCredentials("mine", "secret"))).AccessKey);
    }

    [Fact]
    public async Task Keys_of_the_environment_come_before_those_of_a_file()
    {
        _environment["AWS_ACCESS_KEY_ID"] = "A";
        _environment["AWS_SECRET_ACCESS_KEY"] = "S";
        _environment["AWS_SESSION_TOKEN"] = "T";
        WriteFile();

        Assert.Equal(new AwsCredentials("A", "S", "T"), await FindAsync());
    }

    [Theory]
    [InlineData("default", "D1")]
    [InlineData("dns", "D2")]
    public async Task A_profile_is_read_from_the_file(string profile, string expected)
    {
        WriteFile();
        _environment["AWS_PROFILE"] = profile;

        Assert.Equal(expected, (await FindAsync()).AccessKey);
    }

    [Fact]
    public async Task No_keys_at_all_are_an_error() => await Assert.ThrowsAsync<BackendException>(() => FindAsync());

    [Fact]
    public async Task The_machine_gives_keys_to_those_who_show_its_token_and_again_when_they_end()
    {
        await using var machine = await HttpDouble.StartAsync(static request => request switch
        {
            { Method: "PUT", Path: "/latest/api/token" } => new DoubleReply("token"),
            _ when request.Header("X-aws-ec2-metadata-token") != "token" => new DoubleReply("", 401),
            { Path: "/latest/meta-data/iam/security-credentials/" } => new DoubleReply("role\n"),
            { Path: "/latest/meta-data/iam/security-credentials/role" } => new DoubleReply(Role),
            _ => new DoubleReply("", 404),
        });
        _environment["AWS_EC2_METADATA_DISABLED"] = "";
        _environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = machine.Address.ToString();
        using var chain = Chain(null);

        var keys = await chain.GetAsync(TestContext.Current.CancellationToken);
        await chain.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new AwsCredentials("A1", "S1", "T1", new DateTimeOffset(2025, 1, 1, 1, 0, 0, TimeSpan.Zero)), keys);
        Assert.Equal(3, machine.Requests.Length);

        _time.Advance(TimeSpan.FromMinutes(58));
        await chain.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(6, machine.Requests.Length);
    }

    [Fact]
    public async Task The_container_gives_keys_to_those_who_show_its_token()
    {
        var token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "pod-token\n", TestContext.Current.CancellationToken);
        await using var container = await HttpDouble.StartAsync(static request =>
            request.Header("Authorization") == "pod-token" ? new DoubleReply(Role) : new DoubleReply("", 403));
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.Address + "v1/credentials";
        _environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = token;

        Assert.Equal("A1", (await FindAsync()).AccessKey);
    }

    [Fact]
    public async Task A_token_of_the_cluster_is_changed_for_keys_of_a_role()
    {
        var token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "jwt", TestContext.Current.CancellationToken);
        await using var sts = await HttpDouble.StartAsync(static _ => new DoubleReply(
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
            <SessionToken>T2</SessionToken><SecretAccessKey>S2</SecretAccessKey><Expiration>2025-01-01T02:00:00Z</Expiration><AccessKeyId>A2</AccessKeyId>
            </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """));
        _environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = token;
        _environment["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/dns";
        _environment["AWS_ENDPOINT_URL_STS"] = sts.Address.ToString();

        Assert.Equal(new AwsCredentials("A2", "S2", "T2", new DateTimeOffset(2025, 1, 1, 2, 0, 0, TimeSpan.Zero)), await FindAsync());
        var form = Assert.Single(sts.Requests).Form;
        Assert.Equal(("AssumeRoleWithWebIdentity", "arn:aws:iam::1:role/dns", "jwt"), (form["Action"], form["RoleArn"], form["WebIdentityToken"]));
    }

    private void WriteFile()
    {
        var path = Path.Combine(_folder, "credentials");
        File.WriteAllText(
            path,
            "# keys\n[default]\naws_access_key_id = D1\naws_secret_access_key=S=1\n\n[dns]\naws_access_key_id=D2\naws_secret_access_key = S2\n");
        _environment["AWS_SHARED_CREDENTIALS_FILE"] = path;
    }

    private async Task<AwsCredentials> FindAsync(AwsCredentials? configured = null)
    {
        using var chain = Chain(configured);
        return await chain.GetAsync(TestContext.Current.CancellationToken);
    }

    private AwsCredentialChain Chain(AwsCredentials? configured) =>
        new(_http, _time, configured, environment: name => _environment.GetValueOrDefault(name));
}
