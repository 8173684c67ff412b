using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.UnitTests.Plugins.Secondary;

/// <summary>A primary on loopback: each request over TCP gets the messages that the test says.</summary>
internal sealed class PrimaryDouble : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<byte[], IEnumerable<byte[]>> _answer;
    private readonly Task _serving;

    public PrimaryDouble(Func<byte[], IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public SocketEndpoint Endpoint => new(
        IPAddressValue.From(IPAddress.Loopback), (ushort)((IPEndPoint)_listener.LocalEndpoint).Port);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (
            _end.IsCancellationRequested && exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test has ended.
        }
    }

    // The client may leave in the middle.
    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _end.Token);
            var request = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(request, _end.Token);
            foreach (var message in _answer(request))
            {
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)message.Length);
                await stream.WriteAsync((byte[])[.. length, .. message], _end.Token);
            }
        }
        catch (IOException)
        {
        }
    }
}
