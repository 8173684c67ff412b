using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterDns.Benchmarks.Cluster;

namespace ClusterDns.Benchmarks.Load;

/// <summary>
/// As much of an API server as start-up, a storm of changes and lists anew need: streams the cluster as initial events to every
/// watch, or gives it in pages, and then endpoint changes as fast as it is told. Objects look as a cluster's do, with the fields
/// that a reader must skip.
/// </summary>
internal sealed class WatchDouble : IDisposable
{
    private const string Slices = "endpointslices";
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    // What a server that streams no lists says to whoever asks for one.
    private const string Refusal = "HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: 0\r\n\r\n";

    private const string Expired =
        """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old resource version","reason":"Expired","code":410}""";

    private const string Managed =
        ""","managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}}}}]""";

    private static readonly string[] Kinds = [Slices, "services", "namespaces"];

    private readonly ClusterFiles _files;
    private readonly bool _isPaged;
    private readonly Dictionary<string, byte[][]>? _prepared;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<NetworkStream, bool> _watches = new();
    private NetworkStream? _slices;
    private long _version = 1L << 40;
    private int _lists;
    private int _age;

    /// <param name="isPrepared">
    /// Makes what it sends before anybody asks: whoever measures a start does not measure this.
    /// </param>
    /// <param name="isPaged">Gives lists in pages and streams none.</param>
    public WatchDouble(ClusterFiles files, bool isPrepared = false, bool isPaged = false)
    {
        _files = files;
        _isPaged = isPaged;
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

    /// <summary>Lists that were given to their end.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>Tells every watch that its version has expired (410), so that all is listed anew.</summary>
    /// <param name="changed">Every object has another version then.</param>
    public async Task ExpireAsync(bool changed)
    {
        _age += changed ? 1 : 0;
        var last = new StringBuilder();
        Append(last, "ERROR", Expired);
        foreach (var watch in _watches.Keys)
        {
            if (_watches.TryRemove(watch, out _))
            {
                await watch.WriteAsync(Chunk(last.ToString()));
                await watch.WriteAsync("0\r\n\r\n"u8.ToArray());
            }
        }
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
            while (await reader.ReadLineAsync(_ending.Token) is { Length: > 0 } request)
            {
                while (await reader.ReadLineAsync(_ending.Token) is { Length: > 0 })
                {
                }

                await AnswerAsync(stream, request.Split(' ')[1]);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It went.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string path)
    {
        var kind = Array.Find(Kinds, kind => path.Contains($"/{kind}?", StringComparison.Ordinal)) ?? Kinds[^1];
        var isInitial = path.Contains("sendInitialEvents=true", StringComparison.Ordinal);
        if (isInitial && _isPaged)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Refusal));
            return;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head));
        if (!path.Contains("watch=true", StringComparison.Ordinal))
        {
            await SendPageAsync(stream, path, Objects(kind));
            return;
        }

        if (isInitial)
        {
            foreach (var chunk in _prepared?[kind] ?? Chunks(kind))
            {
                await stream.WriteAsync(chunk);
            }

            Interlocked.Increment(ref _lists);
        }

        _watches[stream] = true;
        if (kind is Slices)
        {
            Volatile.Write(ref _slices, stream);
        }
    }

    private (int Count, Func<int, string> Make) Objects(string plural) => plural switch
    {
        Slices => (_files.Headless, index => Slice(index, 0)),
        "services" => (_files.Services + _files.Headless, AnyService),
        _ => (100, Namespace),
    };

    // The token to go on with is the number of the next object.
    private async Task SendPageAsync(NetworkStream stream, string path, (int Count, Func<int, string> Make) objects)
    {
        var count = objects.Count;
        var limit = Parameter(path, "limit", count);
        var first = Parameter(path, "continue", 0);
        var next = Math.Min(first + limit, count);
        var token = next < count ? $",\"continue\":\"{next}\",\"remainingItemCount\":{count - next}" : "";
        var page = new StringBuilder($$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"{{_version}}"{{token}}},"items":[""");
        page.AppendJoin(',', Enumerable.Range(first, next - first).Select(objects.Make)).Append("]}");
        await stream.WriteAsync(Chunk(page.ToString()));
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        if (next == count)
        {
            Interlocked.Increment(ref _lists);
        }
    }

    private static int Parameter(string path, string name, int otherwise)
    {
        var value = path.Split('?', '&').FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        return value is null ? otherwise : int.Parse(value, CultureInfo.InvariantCulture);
    }

    // The initial events of one kind and the bookmark behind them, in chunks of HTTP.
    private IEnumerable<byte[]> Chunks(string plural)
    {
        var (kind, version) = plural switch
        {
            Slices => ("EndpointSlice", "discovery.k8s.io/v1"),
            "services" => ("Service", "v1"),
            _ => ("Namespace", "v1"),
        };
        var (count, make) = Objects(plural);
        var lines = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            Append(lines, "ADDED", make(index));
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

    // The same in every list until everything changes.
    private long Listed(int index) => ((long)(_age + 1) << 24) + index;

    private static string Metadata(string name, int index, long version, string more = "") =>
        $$"""{"name":"{{name}}","namespace":"ns-{{index % 100}}","uid":"6f0c7a52-0000-4000-8000-{{index:x12}}","resourceVersion":"{{version}}","creationTimestamp":"2026-01-01T00:00:00Z"{{more}}{{Managed}} }""";

    private string Namespace(int index) =>
        $$$"""{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"ns-{{{index}}}","resourceVersion":"{{{Listed(index)}}}","labels":{"kubernetes.io/metadata.name":"ns-{{{index}}}"}},"status":{"phase":"Active"}}""";

    private string AnyService(int index) => index < _files.Services ? Service(index) : HeadlessService(index - _files.Services);

    private string Service(int index) =>
        $$"""{"kind":"Service","apiVersion":"v1","metadata":{{Metadata($"svc-{index}", index, Listed(index))}},"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"svc-{{index}}"},"clusterIP":"{{ClusterFiles.ServiceAddress(index)}}","clusterIPs":["{{ClusterFiles.ServiceAddress(index)}}"],"type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"},"status":{"loadBalancer":{} } }""";

    private string HeadlessService(int index) =>
        $$"""{"kind":"Service","apiVersion":"v1","metadata":{{Metadata($"headless-{index}", index, Listed(index))}},"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"headless-{{index}}"},"clusterIP":"None","clusterIPs":["None"],"type":"ClusterIP","ipFamilies":["IPv4"]},"status":{"loadBalancer":{} } }""";

    /// <summary>A slice as the API writes it.</summary>
    public string Slice(int index, int shift)
    {
        var endpoints = Range(ClusterFiles.EndpointsEach).Select(endpoint =>
            $$$"""{"addresses":["{{{Address(index, endpoint, shift)}}}"],"conditions":{"ready":true,"serving":true,"terminating":false},"nodeName":"node-{{{endpoint}}}","targetRef":{"kind":"Pod","namespace":"ns-{{{index % 100}}}","name":"headless-{{{index}}}-{{{endpoint}}}"}}""");
        var version = shift == 0 ? Listed(index) : Interlocked.Increment(ref _version);
        var labels = $",\"labels\":{{\"kubernetes.io/service-name\":\"headless-{index}\"}}";
        return $$"""{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{{Metadata($"headless-{index}-a", index, version, labels)}},"addressType":"IPv4","endpoints":[{{string.Join(',', endpoints)}}],"ports":[{"name":"http","protocol":"TCP","port":80}]}""";
    }

    // The first endpoint is the one that moves.
    private static string Address(int index, int endpoint, int shift) => shift == 0 || endpoint > 0
        ? ClusterFiles.EndpointAddress(index, endpoint)
        : string.Create(CultureInfo.InvariantCulture, $"10.{64 + (shift & 31)}.{(index >> 8) & 255}.{index & 255}");
}
