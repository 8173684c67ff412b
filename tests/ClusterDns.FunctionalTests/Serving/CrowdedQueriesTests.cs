using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Upstream;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>One client has as many queries waiting for a dead upstream as may wait; others are served all the same.</summary>
public sealed partial class CrowdedQueriesTests
{
    // Large: all places are to be taken before the first query that waits is given up, however slowly the two sides take turns.
    private const int BatchSize = 256;
    private const int Batches = 16;
    private const string HereName = "here.test.";

    // A heap this small gives room for 2,048 waiting queries.
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_GCHeapHardLimit"] = "0x4000000" };

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private int _asked;

    [Fact]
    public async Task Light_client_is_served_while_a_heavy_one_fills_the_places_to_wait_in()
    {
        using Socket blackHole = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        blackHole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int live = FreePorts.Take();
        int metrics = FreePorts.Take();
        await using UpstreamDouble upstream = UpstreamDouble.Start(live);
        await using CorefileServer server = await CorefileServer.StartAsync(
            $$"""
            .:{PORT} {
                bind 127.0.0.1
                multisocket 1
                prometheus 127.0.0.1:{{metrics}}
                hosts {
                    192.0.2.1 here.test
                    fallthrough
                }
                forward act.test 127.0.0.1:{{live}} {
                    max_fails 0
                }
                forward . {{blackHole.LocalEndPoint}} {
                    max_fails 0
                }
            }
            """,
            Environment);
        using UdpClient heavy = Connect(server.Port, "127.0.0.1");
        using UdpClient light = Connect(server.Port, "127.0.0.2");

        await FloodAsync(heavy, metrics, server);
        Assert.Single((await AskAsync(light, "id.act.test.", "TXT")).Answer);

        // What the heavy client asks beside is dropped if it has to wait; unless its first ones have just given their places back.
        long refused;
        int tries = 0;
        do
        {
            Assert.True(++tries < 5, "never refused");
            refused = await FloodAsync(heavy, metrics, server);
            await heavy.SendAsync(DnsPeer.Query("id.act.test.", "TXT", id: 2), _token);
            Assert.Single((await AskAsync(heavy, HereName, "A")).Answer);
        }
        while (await RefusedAsync(metrics) == refused);
    }

    // Asks for names whose upstream is dead until one is refused; returns how many were so far.
    private async Task<long> FloodAsync(UdpClient client, int metrics, CorefileServer server)
    {
        long before = await RefusedAsync(metrics);
        for (int batch = 0; batch < Batches; batch++)
        {
            for (int n = 0; n < BatchSize; n++)
            {
                await client.SendAsync(DnsPeer.Query($"n{_asked++}.slow.test.", "A"), _token);
            }

            // It is answered behind them, so no more of them lie in the socket than it holds; and names from here are served.
            Assert.Single((await AskAsync(client, HereName, "A")).Answer);
            if (await RefusedAsync(metrics) is var refused && refused > before)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("nothing was refused\n" + server.Output);
    }

    private static UdpClient Connect(int port, string from)
    {
        UdpClient client = new(new IPEndPoint(IPAddress.Parse(from), 0));
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    private static async Task<long> RefusedAsync(int port)
    {
        (_, string text) = await KubeadmServer.GetAsync(port, "/metrics");
        return long.Parse(Refused().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?m)^clusterdns_queries_dropped_total\{reason=""client""\} (\d+)")]
    private static partial Regex Refused();

    private async Task<WireMessage> AskAsync(UdpClient client, string name, string type)
    {
        await client.SendAsync(DnsPeer.Query(name, type), _token);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_token);
        limit.CancelAfter(Patience.Limit);
        while (true)
        {
            // Failures for names whose upstream is dead come as well, once their time is over.
            WireMessage reply = WireMessage.Decode((await client.ReceiveAsync(limit.Token)).Buffer);
            if (reply.Questions is [var question] && question.Name.Equals(WireName.Parse(name)))
            {
                return reply;
            }
        }
    }
}
