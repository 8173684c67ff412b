using System.Diagnostics;
using System.Net.Security;
using System.Text.RegularExpressions;
using ARSoft.Tools.Net.Dns;
using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Tsig;
using ClusterDns.Testing.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;

namespace ClusterDns.FunctionalTests.ZoneTransfers;

/// <summary>
/// dig and kdig sign their queries and check what they get, over every transport; ARSoft.Tools.Net does so for gRPC, which they
/// do not speak.
/// </summary>
public sealed partial class TsigTests : IAsyncLifetime
{
    /// <summary>Of the key <c>key.test.</c>, in base64.</summary>
    public const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private const int Hosts = 4000;

    private readonly int _tlsPort = FreePorts.Take();
    private readonly int _httpsPort = FreePorts.Take();
    private readonly int _grpcPort = FreePorts.Take();
    private CorefileServer? _server;

    private CorefileServer Server => _server!; // started before every test

    public async ValueTask InitializeAsync()
    {
        string zone = "$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\n"
            + string.Concat(Enumerable.Range(0, Hosts).Select(static n => $"h{n} TXT \"host {n}, in words enough for several messages\"\n"));
        (string certificate, string key) = TestCertificates.CreatePem();
        string body = $$"""
             {
                bind 127.0.0.1
                tls cert.pem key.pem
                tsig {
                    secret key.test. {{Secret}}
                    require all
                }
                transfer {
                    to *
                }
                file s.zone
            }
            """;
        _server = await CorefileServer.StartAsync(
            $"s.test:{{PORT}} tls://s.test:{_tlsPort} https://s.test:{_httpsPort} grpc://s.test:{_grpcPort}{body}",
            ("s.zone", zone),
            ("cert.pem", certificate),
            ("key.pem", key));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Theory]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    [InlineData("+tls")]
    [InlineData("+https")]
    public async Task Every_transport_checks_and_signs(string transport)
    {
        int port = transport switch { "+tls" => _tlsPort, "+https" => _httpsPort, _ => Server.Port };

        string right = await KdigAsync(port, $"{transport} -y hmac-sha256:key.test:{Secret} h1.s.test TXT");
        Assert.Contains("status: NOERROR", right, StringComparison.Ordinal);
        Assert.Matches(@"TSIG\s+hmac-sha256\. \d+ 300 32 ", right);
        Assert.DoesNotContain("WARNING", right, StringComparison.Ordinal);
        string wrong = await KdigAsync(port, $"{transport} -y hmac-sha256:key.test:AAAA h1.s.test TXT");
        Assert.Contains("status: BADSIG", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("in words", wrong, StringComparison.Ordinal);
        string without = await KdigAsync(port, $"{transport} h1.s.test TXT");
        Assert.Contains("status: REFUSED", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grpc_checks_and_signs()
    {
        (byte[] request, byte[] mac) = Sign(Convert.FromBase64String(Secret));
        byte[] right = await AskGrpcAsync(request);
        Assert.Equal(0, WireMessage.Decode(right).Bits & 0xf);
        Assert.Equal("host 1, in words enough for several messages"u8, WireMessage.Decode(right).Answer[0].Rdata.AsSpan(1));
        Assert.Equal(ReturnCode.NoError, OtherTsig.Check(right, mac, Convert.FromBase64String(Secret))?.ValidationResult);

        (byte[] badlySigned, _) = Sign([1, 2, 3]);
        byte[] wrong = await AskGrpcAsync(badlySigned);
        Assert.Equal((int)ReturnCode.NotAuthoritive, WireMessage.Decode(wrong).Bits & 0xf);
        Assert.Empty(WireMessage.Decode(wrong).Answer);

        byte[] unsigned = await AskGrpcAsync(StreamClient.Query(1, "h1.s.test."));
        Assert.Equal((int)ReturnCode.Refused, WireMessage.Decode(unsigned).Bits & 0xf);
    }

    [Theory]
    [InlineData("hmac-sha1")]
    [InlineData("hmac-sha224")]
    [InlineData("hmac-sha256")]
    [InlineData("hmac-sha384")]
    [InlineData("hmac-sha512")]
    [InlineData("hmac-sha256-128")]
    public async Task Dig_checks_every_algorithm(string algorithm)
    {
        DigReply reply = await Server.DigAsync($"-y {algorithm}:key.test:{Secret} h1.s.test TXT");

        Assert.Equal("NOERROR", reply.Status);
        Assert.Contains("TSIG PSEUDOSECTION", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be validated", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Couldn't verify", reply.Text, StringComparison.Ordinal);
    }

    // dig breaks off at the first message whose signature is wrong.
    [Fact]
    public async Task A_transfer_of_several_messages_is_signed()
    {
        DigReply reply = await Server.DigAsync($"-y hmac-sha512:key.test:{Secret} s.test AXFR");

        Match size = SizePattern().Match(reply.Text);
        Assert.True(size.Success, reply.Text);
        Assert.True(int.Parse(size.Groups[1].Value, null) >= Hosts + 3);
        Assert.True(int.Parse(size.Groups[2].Value, null) > 1);
        Assert.DoesNotContain("XFR size", (await Server.DigAsync("s.test AXFR")).Text, StringComparison.Ordinal);
    }

    private static (byte[] Message, byte[] Mac) Sign(byte[] secret) =>
        OtherTsig.Sign("h1.s.test.", RecordType.Txt, TSigAlgorithm.Sha256, "key.test.", secret, TimeProvider.System.GetUtcNow().UtcDateTime);

    private async Task<byte[]> AskGrpcAsync(byte[] message)
    {
        using SocketsHttpHandler handler = new()
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"https://127.0.0.1:{_grpcPort}", new GrpcChannelOptions { HttpHandler = handler });
        CallOptions options = new(cancellationToken: TestContext.Current.CancellationToken);
        DnsPacket reply = await channel.CreateCallInvoker().AsyncUnaryCall(DnsPacket.Query, null, options, new DnsPacket(message));
        return reply.Message.ToArray();
    }

    private static async Task<string> KdigAsync(int port, string arguments)
    {
        string[] all = ["@127.0.0.1", "-p", $"{port}", "+retry=0", $"+time={Patience.Seconds}", .. arguments.Split(' ')];
        using Process kdig = Process.Start(
            new ProcessStartInfo("kdig", all) { RedirectStandardOutput = true, RedirectStandardError = true })!; // it exists
        string text = await kdig.StandardOutput.ReadToEndAsync();
        text += await kdig.StandardError.ReadToEndAsync();
        await kdig.WaitForExitAsync();
        return text;
    }

    [GeneratedRegex(@"XFR size: (\d+) records \(messages (\d+),")]
    private static partial Regex SizePattern();
}
