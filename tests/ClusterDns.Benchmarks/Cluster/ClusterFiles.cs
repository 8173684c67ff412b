using System.Globalization;
using System.Text;

namespace ClusterDns.Benchmarks.Cluster;

/// <summary>
/// One made-up cluster in every form that is measured: manifests, a zone file with the same records, and questions about it.
/// The same seed makes the same files.
/// </summary>
internal sealed class ClusterFiles
{
    public const string Zone = "cluster.local";

    /// <summary>Endpoints of each headless Service; there is one such for ten others.</summary>
    public const int EndpointsEach = 10;

    private static readonly string[] External =
    [
        "api.example.com", "www.example.net", "s3.eu-west-1.example.org", "registry-1.example.io", "telemetry.vendor.example",
        "db.prod.internal.example.org",
    ];

    private readonly Random _random = new(7);

    public ClusterFiles(string folder, int services)
    {
        Folder = folder;
        Services = services;
        Directory.CreateDirectory(Manifests);
        WriteManifests();
        WriteZone();
    }

    public string Folder { get; }

    public int Services { get; }

    public int Headless => Math.Max(1, Services / 10);

    public string Manifests => Path.Combine(Folder, "manifests");

    public string ZoneFile => Path.Combine(Folder, "k.zone");

    public static string ServiceName(int index) => $"svc-{index}.ns-{index % 100}.svc.{Zone}";

    public static string HeadlessName(int index) => $"headless-{index}.ns-{index % 100}.svc.{Zone}";

    public static string ServiceAddress(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{96 + (index >> 16)}.{(index >> 8) & 255}.{index & 255}");

    public static string EndpointAddress(int headless, int endpoint)
    {
        var number = (headless * EndpointsEach) + endpoint;
        return string.Create(CultureInfo.InvariantCulture, $"10.{128 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}");
    }

    /// <summary>
    /// Cluster names as Pods ask for them: 60 % A, 20 % AAAA where there is none, 15 % names of others with a search path
    /// behind them, 5 % SRV. One a line, as dnsperf reads it.
    /// </summary>
    public string WriteClusterQuestions(int count) => Write("k.txt", count, ClusterQuestion);

    /// <summary>A thousand names, for a cache.</summary>
    public string WriteCachedQuestions(int count) => Write("c.txt", count, () => $"n{_random.Next(1000)}.bench.example A");

    /// <summary>Each name once.</summary>
    public string WriteFreshQuestions(int count)
    {
        var next = 0;
        return Write("m.txt", count, () => $"u{next++}.bench.example A");
    }

    private string ClusterQuestion()
    {
        var index = _random.Next(Services);
        var space = $"ns-{index % 100}";
        return _random.NextDouble() switch
        {
            < .54 => ServiceName(index) + " A",
            < .60 => HeadlessName(_random.Next(Headless)) + " A",
            < .80 => ServiceName(index) + " AAAA",
            < .95 => External[_random.Next(External.Length)] + "."
                + _random.Next(3) switch { 0 => $"{space}.svc.{Zone}", 1 => $"svc.{Zone}", _ => Zone }
                + (_random.Next(2) == 0 ? " A" : " AAAA"),
            _ => $"_http._tcp.{ServiceName(index)} SRV",
        };
    }

    private string Write(string name, int count, Func<string> next)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(_ => next()));
        return path;
    }

    private void WriteManifests()
    {
        using var file = new StreamWriter(Path.Combine(Manifests, "cluster.yaml"));
        for (var space = 0; space < 100; space++)
        {
            file.WriteLine($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: ns-{space}}}\n---");
        }

        for (var index = 0; index < Services; index++)
        {
            var address = ServiceAddress(index);
            file.WriteLine($"apiVersion: v1\nkind: Service\nmetadata: {{name: svc-{index}, namespace: ns-{index % 100}}}");
            file.WriteLine($"spec: {{type: ClusterIP, clusterIP: {address}, clusterIPs: [{address}], ipFamilies: [IPv4], "
                + "ports: [{name: http, port: 80, protocol: TCP}]}\n---");
        }

        for (var index = 0; index < Headless; index++)
        {
            file.WriteLine($"apiVersion: v1\nkind: Service\nmetadata: {{name: headless-{index}, namespace: ns-{index % 100}}}");
            file.WriteLine("spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ipFamilies: [IPv4], "
                + "ports: [{name: http, port: 80, protocol: TCP}]}\n---");
            file.WriteLine($"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: headless-{index}-a, "
                + $"namespace: ns-{index % 100}, labels: {{kubernetes.io/service-name: headless-{index}}}}}\naddressType: IPv4");
            var endpoints = Enumerable.Range(0, EndpointsEach)
                .Select(endpoint => $"{{addresses: [{EndpointAddress(index, endpoint)}], conditions: {{ready: true}}}}");
            file.WriteLine($"endpoints: [{string.Join(", ", endpoints)}]\nports: [{{name: http, port: 80, protocol: TCP}}]\n---");
        }
    }

    private void WriteZone()
    {
        var records = new StringBuilder();
        for (var index = 0; index < Services; index++)
        {
            var name = ServiceName(index);
            records.Append(name).Append(". 30 IN A ").Append(ServiceAddress(index)).Append('\n');
            records.Append("_http._tcp.").Append(name).Append(". 30 IN SRV 0 100 80 ").Append(name).Append(".\n");
        }

        for (var index = 0; index < Headless; index++)
        {
            for (var endpoint = 0; endpoint < EndpointsEach; endpoint++)
            {
                records.Append(HeadlessName(index)).Append(". 30 IN A ").Append(EndpointAddress(index, endpoint)).Append('\n');
            }
        }

        const string Soa = $"ns.dns.{Zone}. hostmaster.{Zone}. 2026010101 7200 1800 86400 30";
        File.WriteAllText(ZoneFile, $"$ORIGIN {Zone}.\n$TTL 30\n@ SOA {Soa}\n@ NS ns.dns\nns.dns A 10.96.0.10\n{records}");
        var local = records.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(record => $"  local-data: \"{record}\"");
        File.WriteAllLines(
            Path.Combine(Folder, "unbound-local.conf"),
            local.Prepend($"  local-data: \"{Zone}. 30 IN SOA {Soa}\"").Prepend($"  local-zone: \"{Zone}.\" static").Prepend("server:"));
        File.WriteAllText(
            Path.Combine(Folder, "bench.zone"),
            "$ORIGIN bench.example.\n$TTL 3600\n@ SOA ns hm 1 7200 1800 86400 30\n@ NS ns\nns A 192.0.2.1\n* A 192.0.2.2\n");
    }
}
