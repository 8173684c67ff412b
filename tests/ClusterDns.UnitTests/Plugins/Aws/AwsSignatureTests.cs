using ClusterDns.Plugins.Aws;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Aws;

public sealed class AwsSignatureTests
{
    private static readonly AwsCredentials Key = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    // From the examples that AWS publishes with the description of Signature Version 4.
    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void Sign_gives_the_published_signatures(string method, string path, string signature)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("https://example.amazonaws.com" + path));

        AwsSignature.Sign(request, [], Key, "us-east-1", "service", Time);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
            + "Signature=" + signature,
            Assert.Single(request.Headers.GetValues("Authorization")));
        Assert.Equal("20150830T123600Z", Assert.Single(request.Headers.GetValues("X-Amz-Date")));
    }

    [Fact]
    public void Sign_covers_the_session_the_body_and_the_port()
    {
        string Sign(string address, string body, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address));
            AwsSignature.Sign(request, System.Text.Encoding.UTF8.GetBytes(body), Key with { SessionToken = token }, "us-east-1", "service", Time);
            return Assert.Single(request.Headers.GetValues("Authorization"));
        }

        string[] signatures =
        [
            Sign("http://localhost/", "", null), Sign("http://localhost/", "x", null), Sign("http://localhost:81/", "", null), Sign("http://localhost/", "", "t"),
        ];
        Assert.Equal(4, signatures.Distinct().Count());
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token,", signatures[3], StringComparison.Ordinal);
    }
}
