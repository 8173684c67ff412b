using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Dnstap;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnstap;

/// <summary>What is sent, read by a reader of the tests' own and decoded by Google's.</summary>
public sealed class DnstapPluginTests : IAsyncDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("dnstap").FullName;
    private readonly List<BlockContext> _blocks = [];
    private readonly List<IDisposable> _open = [];
    private readonly KeptLog _log = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Query_and_response_are_told_of_over_a_Unix_socket()
    {
        var path = Path.Combine(_folder, "tap.sock");
        var listener = Listen(new UnixDomainSocketEndPoint(path));
        var chain = await StartAsync($"dnstap {path} full {{\nidentity me\nversion 7\nextra \"{{name}} {{/no/label}}\"\n}}");
        var sink = await AcceptAsync(listener);

        await chain.AskAsync("www.test.", edns: 1232);

        var query = (await sink.NextAsync(_token))!;
        Assert.Equal(("me", "7", "www.test. -", 1ul, 5ul, 1ul, 1ul), (query.Identity, query.Version, query.Extra, query.Kind, query.Type, query.Family, query.Protocol));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 40000), query.Initiator);
        Assert.Null(query.Responder);
        Assert.Equal(ChainHarness.Question("www.test.", RecordType.A, edns: 1232), query.Query);
        Assert.Null(query.Response);
        Assert.Equal(_time.GetUtcNow(), query.QueryTime);
        var response = (await sink.NextAsync(_token))!;
        Assert.Equal(6ul, response.Type);
        Assert.True(response.ResponseTime >= query.QueryTime);
        Assert.Null(response.Query);
        Assert.Equal([192, 0, 2, 1], WireMessage.Decode(response.Response!).Answer[0].Rdata);
    }

    [Fact]
    public async Task Messages_are_left_out_unless_all_is_asked_for()
    {
        var (chain, sink) = await StartTcpAsync("");

        await chain.AskAsync("www.test.");

        Assert.Null((await sink.NextAsync(_token))!.Query);
        Assert.Null((await sink.NextAsync(_token))!.Response);
    }

    [Fact]
    public async Task Dropped_query_has_no_response()
    {
        var (chain, sink) = await StartTcpAsync("", new FakeHandler(static query => query.Response.Drop("test")));

        await chain.AskAsync("www.test.");
        await chain.AskAsync("www.test.");

        Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
        Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
    }

    [Fact]
    public async Task Stream_is_finished_at_the_end_and_what_waits_is_sent_before()
    {
        var (chain, sink) = await StartTcpAsync("");
        for (var index = 0; index < 500; index++)
        {
            await chain.AskAsync("www.test.");
        }

        var stopping = chain.Block.Shutdown[0]();
        var count = 0;
        while (await sink.NextAsync(_token) is not null)
        {
            count++;
        }

        await stopping;
        _blocks.Clear();
        Assert.Equal(1000, count);
    }

    [Fact]
    public async Task Connection_that_is_lost_is_made_again_and_what_waited_is_sent()
    {
        var port = FreePorts.Take();
        var chain = await StartAsync($"dnstap tcp://127.0.0.1:{port}");
        await chain.AskAsync("www.test.");
        Assert.True(SpinWait.SpinUntil(() => _log.Lines.Length > 0, Patience.Limit));

        var listener = Listen(new IPEndPoint(IPAddress.Loopback, port));
        while (!listener.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead))
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
        }

        // The clock stands still while the two speak.
        Assert.Equal(5ul, (await (await AcceptAsync(listener)).NextAsync(_token))!.Type);
        Assert.Single(_log.Lines, static line => line.Contains("No connection to dnstap endpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_is_bounded_and_drops_are_counted_and_logged_once_an_interval()
    {
        var endpoint = $"tcp://127.0.0.1:{FreePorts.Take()}";
        var chain = await StartAsync($"dnstap {endpoint}");
        for (var index = 0; index < 5_050; index++)
        {
            await chain.AskAsync("www.test.");
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(100, chain.Metrics.Counter("clusterdns_dnstap_dropped_total", "", "endpoint").With(endpoint).Value);
        Assert.Single(_log.Lines, static line => line.Contains("Dropped 100 dnstap messages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Peer_that_speaks_something_else_is_left()
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        await StartAsync($"dnstap tcp://{listener.LocalEndPoint}");
        using var peer = await listener.AcceptAsync(_token);

        await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), _token);

        Assert.True(SpinWait.SpinUntil(
            () => _log.Lines.Any(static line => line.Contains("does not speak Frame Streams", StringComparison.Ordinal)),
            Patience.Limit));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listener_gives_every_client_all_messages(bool isUnix)
    {
        var path = Path.Combine(_folder, "listen.sock");
        var port = FreePorts.Take();
        var chain = await StartAsync(isUnix ? $"dnstap listen unix://{path}" : $"dnstap listen tcp://127.0.0.1:{port}");
        EndPoint endpoint = isUnix ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(IPAddress.Loopback, port);
        var sinks = new[] { await DnstapSink.ConnectAsync(endpoint, _token), await DnstapSink.ConnectAsync(endpoint, _token) };
        _open.AddRange(sinks);

        await chain.AskAsync("www.test.");

        foreach (var sink in sinks)
        {
            Assert.Equal(5ul, (await sink.NextAsync(_token))!.Type);
            Assert.Equal(6ul, (await sink.NextAsync(_token))!.Type);
        }
    }

    [Fact]
    public async Task Listener_on_an_address_that_is_taken_names_the_line()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();

        var error = await Assert.ThrowsAsync<CorefileException>(() => StartAsync($"dnstap listen tcp://{taken.LocalEndPoint}"));

        Assert.Equal(2, error.Line);
        Assert.Contains("cannot listen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarded_query_and_reply_are_told_of()
    {
        await using var harness = new TransportHarness();
        var upstream = harness.Start(harness.Group(TransportHarness.Address)).LocalEndPoint;
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var chain = await StartAsync($"dnstap tcp://{listener.LocalEndPoint} full\nforward . {upstream}", last: null);
        var sink = await AcceptAsync(listener);

        await chain.AskAsync("www.test.");

        var frames = new List<DnstapFrame>();
        while (frames.Count < 4)
        {
            frames.Add((await sink.NextAsync(_token))!);
        }

        Assert.Equal([5ul, 7ul, 8ul, 6ul], frames.Select(static frame => frame.Type));
        var (asked, replied) = (frames[1], frames[2]);
        Assert.Equal(upstream, asked.Responder);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 40000), asked.Initiator);
        Assert.Equal("www.test.", WireMessage.Decode(asked.Query!).Questions[0].Name.ToString());
        Assert.Equal(upstream, replied.Responder);
        Assert.Equal([192, 0, 2, 1], WireMessage.Decode(replied.Response!).Answer[0].Rdata);
        Assert.True(replied.ResponseTime >= replied.QueryTime);
    }

    [Fact]
    public async Task Tapping_allocates_nothing_where_frames_find_no_room()
    {
        var chain = await StartAsync($"dnstap tcp://127.0.0.1:{FreePorts.Take()} full");

        // Until the queue is full, waiting frames keep their buffers.
        chain.MeasureAllocation("www.test.", times: 6_000);

        Assert.Equal(0, chain.MeasureAllocation("www.test."));
    }

    [Theory]
    [InlineData("dnstap")]
    [InlineData("dnstap unix://")]
    [InlineData("dnstap http://localhost:1")]
    [InlineData("dnstap tcp://localhost")]
    [InlineData("dnstap tcp://localhost:0")]
    [InlineData("dnstap tcp://localhost:65536")]
    [InlineData("dnstap tap.sock whole")]
    [InlineData("dnstap tap.sock full 0")]
    [InlineData("dnstap tap.sock full 1025")]
    [InlineData("dnstap tap.sock full 1 4097")]
    [InlineData("dnstap tap.sock full 1 1 1")]
    [InlineData("dnstap listen tcp://:6000 full 1")]
    [InlineData("dnstap listen tls://:6000")]
    [InlineData("dnstap tap.sock {\nidentity\n}")]
    [InlineData("dnstap tap.sock {\nversion\n}")]
    [InlineData("dnstap tap.sock {\nextra\n}")]
    [InlineData("dnstap tap.sock {\nskipverify yes\n}")]
    [InlineData("dnstap tap.sock {\ntls a b\n}")]
    [InlineData("dnstap tap.sock {\nqueue 7\n}")]
    public void Configure_refuses_what_it_cannot_read(string text)
    {
        Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n{text}\nwhoami\n}}\n"));
    }

    [Theory]
    [InlineData("dnstap tap.sock", false, 1 << 20, 10_000)]
    [InlineData("dnstap tls://example.com:6000 full 4 3", true, 4 << 20, 30_000)]
    [InlineData("dnstap tcp://[::1]:6000 2", false, 2 << 20, 10_000)]
    public void Read_takes_the_sizes(string text, bool isFull, int buffer, int queue)
    {
        var document = CorefileReader.ReadText($". {{\n{text}\n}}\n", "Corefile", static _ => null);
        var options = DnstapDirective.Read(document.Blocks[0].Directives[0], new ChainHarness(".:53 {\nwhoami\n}\n").Block);

        Assert.Equal((isFull, buffer, queue), (options.Full, options.SendBuffer, options.Queue));
    }

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(static open => open.Dispose());
        foreach (var step in _blocks.SelectMany(static block => block.Shutdown))
        {
            // Where nobody took what waits, the end comes by the clock.
            var stopping = step().AsTask();
            while (!stopping.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(stopping, Task.Delay(10, CancellationToken.None));
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Socket Listen(EndPoint endpoint)
    {
        var listener = DnstapSink.Listen(endpoint);
        _open.Add(listener);
        return listener;
    }

    private async Task<DnstapSink> AcceptAsync(Socket listener)
    {
        var sink = await DnstapSink.AcceptAsync(listener, _token);
        _open.Add(sink);
        return sink;
    }

    private async Task<(ChainHarness Chain, DnstapSink Sink)> StartTcpAsync(string more, IQueryHandler? last = null)
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var chain = await StartAsync($"dnstap tcp://{listener.LocalEndPoint} {more}", last ?? TransportHarness.Address);
        return (chain, await AcceptAsync(listener));
    }

    private Task<ChainHarness> StartAsync(string text) => StartAsync(text, TransportHarness.Address);

    // The clock moves where a test moves it: no time-out ends what a busy machine does slowly.
    private async Task<ChainHarness> StartAsync(string text, IQueryHandler? last)
    {
        var chain = new ChainHarness($".:53 {{\n{text}\n}}\n", last, _time, _log);
        _blocks.Add(chain.Block);
        await chain.StartAsync();
        return chain;
    }
}
