using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterDns.Benchmarks.Cluster;

namespace ClusterDns.Benchmarks.Load;

/// <summary>
/// As much of an API server as start-up and a storm of changes need: streams the cluster as initial events to every watch, and
/// then endpoint changes as fast as it is told. Objects look as a cluster's do, with the fields that a reader must skip.
/// </summary>
internal sealed class WatchDouble : IDisposable
{
    private const string Slices = "endpointslices";

    private const string Managed =
        ""","managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}}}}]""";

    private static readonly string[] Kinds = [Slices, "services", "namespaces"];

    private readonly ClusterFiles _files;
    private readonly Dictionary<string, byte[][]>? _prepared;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private NetworkStream? _slices;
    private long _version = 1_000_000;

    /// <param name="isPrepared">
    /// Makes what it sends before anybody asks: whoever measures a start does not measure this.
    /// </param>
    public WatchDouble(ClusterFiles files, bool isPrepared = false)
    {
        _files = files;
        if (isPrepared)
        {
            _prepared = Kinds.ToDictionary(static kind => kind, kind => Chunks(kind).ToArray(), StringComparer.Ordinal);
        }

        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>The watch of the slices has begun.</summary>
    public bool IsWatched => Volatile.Read(ref _slices) is not null;

    /// <summary>Moves the endpoints of so many headless Services; the changes go out in one write.</summary>
    /// <param name="first">Of the Services; counts on from there.</param>
    /// <param name="shift">Another one moves them to other addresses.</param>
    public async Task ChangeAsync(int first, int count, int shift)
    {
        var lines = new StringBuilder();
        for (var change = 0; change < count; change++)
        {
            Append(lines, "MODIFIED", Slice((first + change) % _files.Headless, shift));
        }

        var watch = _slices ?? throw new BenchmarkException("nobody watches the slices");
        await watch.WriteAsync(Chunk(lines.ToString()));
    }

    public void Dispose()
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            client.NoDelay = true;
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            var path = (await reader.ReadLineAsync())?.Split(' ')[1] ?? "";
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
            var kind = Array.Find(Kinds, kind => path.Contains($"/{kind}?", StringComparison.Ordinal)) ?? Kinds[^1];
            if (path.Contains("sendInitialEvents=true", StringComparison.Ordinal))
            {
                foreach (var chunk in _prepared?[kind] ?? Chunks(kind))
                {
                    await stream.WriteAsync(chunk);
                }
            }

            if (kind is Slices)
            {
                Volatile.Write(ref _slices, stream);
            }

            await Task.Delay(Timeout.Infinite, _ending.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It went.
        }
    }

    // The initial events of one kind and the bookmark behind them, in chunks of HTTP.
    private IEnumerable<byte[]> Chunks(string plural)
    {
        var (kind, version, objects) = plural switch
        {
            Slices => ("EndpointSlice", "discovery.k8s.io/v1", Range(_files.Headless).Select(index => Slice(index, 0))),
            "services" => ("Service", "v1", Range(_files.Services).Select(Service).Concat(Range(_files.Headless).Select(HeadlessService))),
            _ => ("Namespace", "v1", Range(100).Select(Namespace)),
        };
        var lines = new StringBuilder();
        foreach (var item in objects)
        {
            Append(lines, "ADDED", item);
            if (lines.Length > 64 * 1024)
            {
                yield return Chunk(lines.ToString());
                lines.Clear();
            }
        }

        Append(lines, "BOOKMARK", $$$"""{"kind":"{{{kind}}}","apiVersion":"{{{version}}}","metadata":{"resourceVersion":"{{{_version}}}","annotations":{"k8s.io/initial-events-end":"true"} }}""");
        yield return Chunk(lines.ToString());
    }

    private static void Append(StringBuilder lines, string type, string item) =>
        lines.Append("{\"type\":\"").Append(type).Append("\",\"object\":").Append(item).Append("}\n");

    private static byte[] Chunk(string text) =>
        Encoding.ASCII.GetBytes(text.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n" + text + "\r\n");

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    private string Metadata(string name, int index, string more = "") =>
        $$"""{"name":"{{name}}","namespace":"ns-{{index % 100}}","uid":"6f0c7a52-0000-4000-8000-{{index:x12}}","resourceVersion":"{{Interlocked.Increment(ref _version)}}","creationTimestamp":"2026-01-01T00:00:00Z"{{more}}{{Managed}} }""";

    private string Namespace(int index) =>
        $$$"""{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"ns-{{{index}}}","resourceVersion":"{{{Interlocked.Increment(ref _version)}}}","labels":{"kubernetes.io/metadata.name":"ns-{{{index}}}"}},"status":{"phase":"Active"}}""";

    private string Service(int index) =>
        $$"""{"kind":"Service","apiVersion":"v1","metadata":{{Metadata($"svc-{index}", index)}},"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"svc-{{index}}"},"clusterIP":"{{ClusterFiles.ServiceAddress(index)}}","clusterIPs":["{{ClusterFiles.ServiceAddress(index)}}"],"type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"},"status":{"loadBalancer":{} } }""";

    private string HeadlessService(int index) =>
        $$"""{"kind":"Service","apiVersion":"v1","metadata":{{Metadata($"headless-{index}", index)}},"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"headless-{{index}}"},"clusterIP":"None","clusterIPs":["None"],"type":"ClusterIP","ipFamilies":["IPv4"]},"status":{"loadBalancer":{} } }""";

    /// <summary>A slice as the API writes it.</summary>
    public string Slice(int index, int shift)
    {
        var endpoints = Range(ClusterFiles.EndpointsEach).Select(endpoint =>
            $$$"""{"addresses":["{{{Address(index, endpoint, shift)}}}"],"conditions":{"ready":true,"serving":true,"terminating":false},"nodeName":"node-{{{endpoint}}}","targetRef":{"kind":"Pod","namespace":"ns-{{{index % 100}}}","name":"headless-{{{index}}}-{{{endpoint}}}"}}""");
        var labels = $",\"labels\":{{\"kubernetes.io/service-name\":\"headless-{index}\"}}";
        return $$"""{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{{Metadata($"headless-{index}-a", index, labels)}},"addressType":"IPv4","endpoints":[{{string.Join(',', endpoints)}}],"ports":[{"name":"http","protocol":"TCP","port":80}]}""";
    }

    // The first endpoint is the one that moves.
    private static string Address(int index, int endpoint, int shift) => shift == 0 || endpoint > 0
        ? ClusterFiles.EndpointAddress(index, endpoint)
        : string.Create(CultureInfo.InvariantCulture, $"10.{64 + (shift & 31)}.{(index >> 8) & 255}.{index & 255}");
}
