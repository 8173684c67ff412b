using System.Net;
using System.Text.Json;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Testing.Dnssec;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnssec;

public sealed class SecretsManagerTests
{
    private const string Arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:zone-key-AbCdEf";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly MadeKey _made = KeyMaker.Make("s.example.", 13);

    [Theory]
    [InlineData(Arn, "https://secretsmanager.eu-west-3.amazonaws.com/", "/20261123/eu-west-3/secretsmanager/aws4_request")]
    [InlineData("zone-key", "https://secretsmanager.cn-north-1.amazonaws.com.cn/", "/20261123/cn-north-1/secretsmanager/aws4_request")]
    public async Task A_key_is_asked_for_where_its_secret_lives_and_read(string secret, string url, string scope)
    {
        var service = new Service(Secret(_made.PublicText, _made.PrivateText));
        var (key, error) = await ReadAsync(service, secret);

        Assert.Equal("", error);
        Assert.Equal(_made.Tag, key?.Tag);
        Assert.Equal(url, service.Url);
        Assert.Equal($$"""{"SecretId":"{{secret}}"}""", service.Body);
        Assert.Equal("secretsmanager.GetSecretValue", service.Target);
        Assert.Equal("application/x-amz-json-1.1", service.ContentType);
        Assert.Contains(scope, service.Authorization, StringComparison.Ordinal);
        Assert.Contains("host;x-amz-date;x-amz-target", service.Authorization, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"__type":"ResourceNotFoundException"}""", "found status 400: {\"__type\":\"ResourceNotFoundException\"}")]
    [InlineData(200, "nonsense", "is an invalid JSON")]
    [InlineData(200, "[]", "found no member SecretString that is a text, expected one")]
    [InlineData(200, """{"SecretString":"{}"}""", "found no member key that is a text, expected one")]
    [InlineData(200, """{"SecretString":"{\"key\":\"x\",\"private\":\"y\"}"}""", "(key): ")]
    public async Task What_is_wrong_is_told(int status, string body, string expected)
    {
        var (key, error) = await ReadAsync(new Service(body, (HttpStatusCode)status), Arn);

        Assert.Null(key);
        Assert.Contains(Arn, error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private async Task<(SigningKey? Key, string Error)> ReadAsync(Service service, string secret)
    {
        using var http = new HttpClient(service);
        return await new SecretsManager(http, _time, Variable).ReadAsync(secret);
    }

    private static string? Variable(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" => "AKID",
        "AWS_SECRET_ACCESS_KEY" => "secret",
        "AWS_REGION" => "cn-north-1",
        _ => null,
    };

    private static string Secret(string key, string privateKey)
    {
        var pair = JsonSerializer.Serialize(new Dictionary<string, string> { ["key"] = key, ["private"] = privateKey });
        return JsonSerializer.Serialize(new Dictionary<string, string> { ["Name"] = "zone-key", ["SecretString"] = pair });
    }

    private sealed class Service(string answer, HttpStatusCode status = HttpStatusCode.OK) : HttpMessageHandler
    {
        public string Url { get; private set; } = "";

        public string Body { get; private set; } = "";

        public string Target { get; private set; } = "";

        public string ContentType { get; private set; } = "";

        public string Authorization { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri!.ToString();
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            Target = request.Headers.GetValues("X-Amz-Target").Single();
            ContentType = request.Content.Headers.GetValues("Content-Type").Single();
            Authorization = request.Headers.GetValues("Authorization").Single();
            return new HttpResponseMessage(status) { Content = new StringContent(answer) };
        }
    }
}
