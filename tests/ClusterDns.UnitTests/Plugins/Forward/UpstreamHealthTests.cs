using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Forward;

public sealed class UpstreamHealthTests : TwoUpstreams
{
    private volatile bool _silent = true;
    private int _probes;

    [Fact]
    public async Task AnFirst_is_not_probed_while_all_is_well()
    {
        await using var chain = InOrder("");
        _silent = false;
        AnswerFirst();

        Assert.Single((await chain.AskAsync()).Answer);
        chain.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await chain.AskAsync()).Answer);
        Assert.Equal(0, Volatile.Read(ref _probes));
    }

    [Fact]
    public async Task AnFirst_that_answers_no_probe_is_passed_over_until_it_answers_one()
    {
        await using var chain = InOrder("health_check 1s no_rec domain probe.example");
        AnswerFirst();
        Second.Answer(static query => query.Answer(0x0080, query.Record(RecordType.A, [10, 0, 0, 2])).Encode());

        // The first query waits for the silent upstream, and its error starts the probes.
        var asking = chain.AskAsync();
        await chain.RunAsync(asking);
        await chain.RunAsync(UntilAsync(() => chain.Count("coredns_proxy_healthcheck_failures_total") >= 3));
        await UntilAsync(() => Volatile.Read(ref _probes) >= 3);
        var before = chain.Time.GetUtcNow();
        Assert.Equal([10, 0, 0, 2], Assert.Single((await chain.AskAsync()).Answer).Rdata);
        Assert.Equal(before, chain.Time.GetUtcNow());

        _silent = false;
        var probes = Volatile.Read(ref _probes);
        await chain.RunAsync(UntilAsync(() => Volatile.Read(ref _probes) > probes));
        await chain.RunAsync(UntilFirstAnswersAsync(chain));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("failfast_all_unhealthy_upstreams", false)]
    public async Task Where_all_are_down_one_is_asked_all_the_same_unless_told_to_fail(string option, bool asks)
    {
        await using var chain = new ForwardChain(
            $"forward . 127.0.0.1:{First.Port} {{\n max_fails 1\n health_check 100ms\n {option}\n}}");
        AnswerFirst();

        var asking = chain.AskAsync();
        await chain.RunAsync(asking);
        await chain.RunAsync(UntilAsync(() => chain.Count("coredns_proxy_healthcheck_failures_total") >= 2));

        _answersQueries = true;
        var reply = chain.AskAsync();
        await reply;
        Assert.Equal(asks ? 0 : (int)ResponseCode.ServFail, (await reply).ResponseCode);
        Assert.Equal(asks ? null : "no healthy proxies", chain.Error);
        Assert.Equal(1, chain.Count("coredns_forward_healthcheck_broken_total"));
    }

    private volatile bool _answersQueries;

    // Probes ask for NS.
    private void AnswerFirst() => First.Answer(query =>
    {
        var isProbe = query.Message.Questions[0].Type == (ushort)RecordType.NS;
        if (isProbe)
        {
            Interlocked.Increment(ref _probes);
        }

        return _silent && (isProbe || !_answersQueries) ? null : query.Answer(isProbe ? (ushort)5 : (ushort)0x0080).Encode();
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task UntilFirstAnswersAsync(ForwardChain chain)
    {
        while (Assert.Single((await chain.AskAsync()).Answer).Rdata is not [10, 0, 0, 1])
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private ForwardChain InOrder(string options) => new(
        $"forward . 127.0.0.1:{First.Port} 127.0.0.1:{Second.Port} {{\n policy sequential\n {options}\n}}");
}
