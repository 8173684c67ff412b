using System.Net;
using System.Net.Sockets;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Wire;
using ClusterDns.UnitTests.Plugins.Secondary;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Transfer;

public sealed class NotifierTests : IDisposable
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly string _file = Path.GetTempFileName();
    private readonly UdpClient _secondary = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly TimerWatch _time = new();

    public NotifierTests() => File.WriteAllText(_file, "$TTL 60\n@ SOA ns h 7 2 3 4 5\n@ NS ns\n");

    public void Dispose()
    {
        _secondary.Dispose();
        File.Delete(_file);
    }

    // RFC 1996 §3.6 and §3.7: the SOA is asked for with opcode 4 and AA, again while nobody answers, and no more then.
    [Fact]
    public async Task A_secondary_is_told_until_it_answers()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_token);
        var told = Start(end.Token);

        var first = await _secondary.ReceiveAsync(_token);
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.NextAsync(_token));
        var message = WireMessage.Decode(first.Buffer);
        Assert.Equal(0x2400, message.Bits);
        Assert.Equal("example.", message.Questions[0].Name.ToString());

        _time.Advance(TimeSpan.FromSeconds(1));
        var second = await _secondary.ReceiveAsync(_token);
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextAsync(_token));
        second.Buffer[0] ^= 0xff;
        second.Buffer[2] |= 0x80;
        await _secondary.SendAsync(second.Buffer, second.RemoteEndPoint, _token); // another ID: no answer
        _time.Advance(TimeSpan.FromSeconds(2));
        var third = await _secondary.ReceiveAsync(_token);
        third.Buffer[2] |= 0x80;
        await _secondary.SendAsync(third.Buffer, third.RemoteEndPoint, _token);

        await end.CancelAsync();
        await told;
        Assert.Equal(0, _secondary.Available);
    }

    [Fact]
    public async Task A_secondary_where_nobody_listens_is_told_again()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_token);
        var told = Start(end.Token, FreePorts.Take());

        // What the first try finds out is not waited for longer than a try lasts.
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.NextAsync(_token));
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.NextAsync(_token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextAsync(_token));

        await end.CancelAsync();
        await told;
    }

    private Task Start(CancellationToken end, int? port = null)
    {
        port ??= ((IPEndPoint)_secondary.Client.LocalEndPoint!).Port; // it is bound
        var chain = new ChainHarness($"example.:53 {{\n transfer {{\n to 127.0.0.1:{port}\n }}\n file {_file}\n}}\n", time: _time);
        return Assert.Single(chain.Block.Serving)(end).AsTask();
    }
}
