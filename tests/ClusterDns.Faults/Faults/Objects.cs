using System.Text;

namespace ClusterDns.Faults.Faults;

/// <summary>Objects of a cluster in YAML.</summary>
internal static class Objects
{
    /// <summary>A namespace, a Service of its own address and a headless one with one endpoint.</summary>
    public const string Small = """
        kind: Namespace
        metadata: {name: demo}
        ---
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {type: ClusterIP, clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1], ports: [{name: http, port: 80, protocol: TCP}]}
        ---
        kind: Service
        metadata: {name: db, namespace: demo}
        spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ports: [{name: sql, port: 5432, protocol: TCP}]}
        ---
        kind: EndpointSlice
        metadata: {name: db-1, namespace: demo, labels: {kubernetes.io/service-name: db}}
        addressType: IPv4
        endpoints: [{addresses: [10.1.0.1], conditions: {ready: true}}]
        ports: [{name: sql, port: 5432, protocol: TCP}]
        """;

    public const string Web = "web.demo.svc.cluster.local.";

    public const string Database = "db.demo.svc.cluster.local.";

    public static string Service(string name, string address) => $$"""
        kind: Service
        metadata: {name: {{name}}, namespace: demo}
        spec: {type: ClusterIP, clusterIP: {{address}}, clusterIPs: [{{address}}], ports: [{name: http, port: 80, protocol: TCP}]}
        """;

    public static string Slice(string service, params ReadOnlySpan<string> addresses)
    {
        var endpoints = new StringBuilder();
        foreach (var address in addresses)
        {
            endpoints.Append(endpoints.Length > 0 ? ", " : "").Append($"{{addresses: [{address}], conditions: {{ready: true}}}}");
        }

        return $$"""
            kind: EndpointSlice
            metadata: {name: {{service}}-1, namespace: demo, labels: {kubernetes.io/service-name: {{service}} } }
            addressType: IPv4
            endpoints: [{{endpoints}}]
            ports: [{name: sql, port: 5432, protocol: TCP}]
            """;
    }

    /// <summary><see cref="Small"/> and Services s0, s1, … of addresses that <see cref="AddressOf"/> says.</summary>
    public static string Many(int services)
    {
        var all = new StringBuilder(Small);
        for (var number = 0; number < services; number++)
        {
            all.Append("\n---\n").Append(Service($"s{number}", AddressOf(number)));
        }

        return all.ToString();
    }

    public static string AddressOf(int number) => $"10.97.{number >> 8}.{number & 255}";
}
