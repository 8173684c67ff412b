using System.Globalization;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>What the cluster and the world outside it contain while independent clients ask about them.</summary>
internal static class ServedObjects
{
    public const int ManyEndpoints = 60;

    public const string Zone = """
        $ORIGIN example.test.
        $TTL 300
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        @ MX 10 mail
        ns A 192.0.2.53
        www A 192.0.2.1
        www AAAA 2001:db8::1
        alias CNAME www
        text TXT "one" "two words"
        """;

    private const string Few = """
        kind: Namespace
        metadata: {name: demo}
        ---
        kind: Service
        metadata: {name: web, namespace: demo}
        spec:
          clusterIP: 10.96.0.10
          clusterIPs: [10.96.0.10]
          ports: [{name: http, port: 80, protocol: TCP}]
        ---
        kind: Service
        metadata: {name: dual, namespace: demo}
        spec:
          type: ClusterIP
          clusterIP: 10.96.0.11
          clusterIPs: [10.96.0.11, "fd00:10:96::b"]
          ipFamilies: [IPv4, IPv6]
          ports: [{name: dns, port: 53, protocol: UDP}]
        ---
        kind: Service
        metadata: {name: website, namespace: demo}
        spec: {type: ExternalName, externalName: www.example.test}
        ---
        kind: Service
        metadata: {name: db, namespace: demo}
        spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ports: [{name: pg, port: 5432, protocol: TCP}]}
        ---
        kind: EndpointSlice
        metadata: {name: db-a, namespace: demo, labels: {kubernetes.io/service-name: db}}
        addressType: IPv4
        endpoints:
        - {addresses: [10.244.1.1], hostname: db-0, conditions: {ready: true}}
        - {addresses: [10.244.1.2], hostname: db-1, conditions: {ready: true}}
        ports: [{name: pg, port: 5432, protocol: TCP}]
        ---
        kind: Service
        metadata: {name: many, namespace: demo}
        spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None], ports: [{name: web, port: 80, protocol: TCP}]}
        ---

        """;

    public static string Cluster => Few + Slice("many", Enumerable.Range(1, ManyEndpoints).Select(Address));

    public static string Address(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.244.{number >> 8}.{number & 255}");

    /// <summary>The only slice of a headless Service in <c>demo</c>.</summary>
    public static string Slice(string service, params IEnumerable<string> addresses) => $$"""
        kind: EndpointSlice
        metadata: {name: {{service}}-a, namespace: demo, labels: {kubernetes.io/service-name: {{service}} } }
        addressType: IPv4
        endpoints: [{{string.Join(", ", addresses.Select(Endpoint))}}]
        ports: [{name: web, port: 80, protocol: TCP}]
        """;

    private static string Endpoint(string address) => $$"""{addresses: [{{address}}], conditions: {ready: true} }""";
}
