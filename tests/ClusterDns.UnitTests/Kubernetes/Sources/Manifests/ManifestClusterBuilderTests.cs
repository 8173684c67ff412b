using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Manifests;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Manifests;

public sealed class ManifestClusterBuilderTests
{
    private const string Tutorial = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: testpod
          labels: {name: deployment}
        spec:
          containers:
          - {name: c00, image: ubuntu}
          - {name: c01, image: httpd, ports: [{containerPort: 80}]}
        ---
        kind: Service
        apiVersion: v1
        metadata:
          name: demoservice
        spec:
          ports:
          - port: 80
            targetPort: 80
          selector:
            name: deployment
          type: NodePort
        """;

    [Fact]
    public void Build_makes_plain_manifests_resolve()
    {
        ManifestCluster cluster = ManifestText.Build(Tutorial);
        Service service = Assert.Single(cluster.Services);
        Assert.Equal("default/demoservice", service.Key.ToString());
        Assert.Equal(ServiceType.NodePort, service.Type);
        Assert.StartsWith("10.96.", Assert.Single(service.ClusterIPs), StringComparison.Ordinal);
        Assert.Equal([new ServicePort("", "TCP", 80)], service.Ports);

        EndpointSlice slice = Assert.Single(cluster.Slices);
        Assert.Equal(("demoservice", AddressType.IPv4), (slice.ServiceName, slice.AddressType));
        Assert.Equal([new ServicePort("", "TCP", 80)], slice.Ports);
        Endpoint endpoint = Assert.Single(slice.Endpoints);
        Assert.True(endpoint.Ready);
        Assert.Equal("testpod", endpoint.TargetName);
        Assert.Equal([Assert.Single(cluster.Pods).PodIP], endpoint.Addresses);
        Assert.StartsWith("10.244.", endpoint.Addresses[0], StringComparison.Ordinal);
        Assert.Equal("default", Assert.Single(cluster.Namespaces).Name);
    }

    [Fact]
    public void Build_chooses_the_same_addresses_whatever_else_there_is()
    {
        string others = string.Join("", Enumerable.Range(0, 50).Select(
            i => $"---\nkind: Service\nmetadata: {{name: other-{i}}}\nspec: {{ports: [{{port: 1}}]}}\n"));
        Service alone = ManifestText.Build(Tutorial).Services.Single();
        ManifestCluster crowd = ManifestText.Build(others + "---\n" + Tutorial);
        Assert.Equal(alone.ClusterIPs, crowd.Services.Single(item => item.Name == "demoservice").ClusterIPs);
        Assert.Equal(alone.ResourceVersion, crowd.Services.Single(item => item.Name == "demoservice").ResourceVersion);
        Assert.Equal(51, crowd.Services.SelectMany(item => item.ClusterIPs).Distinct().Count());
    }

    [Fact]
    public void Build_gives_no_address_that_an_object_has_by_its_own()
    {
        string chosen = ManifestText.Build(Tutorial).Services.Single().ClusterIPs[0];
        ManifestCluster cluster = ManifestText.Build($$"""
            {{Tutorial}}
            ---
            kind: Service
            metadata: {name: owner}
            spec: {clusterIP: {{chosen}}}
            """);
        Assert.Equal([chosen], cluster.Services.Single(item => item.Name == "owner").ClusterIPs);
        Assert.NotEqual([chosen], cluster.Services.Single(item => item.Name == "demoservice").ClusterIPs);
    }

    [Fact]
    public void Build_keeps_what_manifests_say()
    {
        ManifestCluster cluster = ManifestText.Build("""
            kind: Service
            metadata: {name: none}
            spec: {clusterIP: None}
            ---
            kind: Service
            metadata: {name: outside}
            spec: {type: ExternalName, externalName: www.example.com.}
            ---
            kind: Service
            metadata: {name: six}
            spec: {ipFamilies: [IPv6, IPv4]}
            ---
            kind: Service
            metadata: {name: lb}
            spec: {type: LoadBalancer, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "fd00::1"], externalIPs: [192.0.2.1]}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.2}, {hostname: lb.example}]}}
            """);
        Dictionary<string, Service> services = cluster.Services.ToDictionary(item => item.Name);
        Assert.True(services["none"].IsHeadless);
        Assert.Empty(services["outside"].ClusterIPs);
        Assert.Equal("www.example.com.", services["outside"].ExternalName);
        Assert.Equal(2, services["six"].ClusterIPs.Length);
        Assert.StartsWith("fd00:96::", services["six"].ClusterIPs[0], StringComparison.Ordinal);
        Assert.StartsWith("10.96.", services["six"].ClusterIPs[1], StringComparison.Ordinal);
        Assert.Equal(["10.0.0.1", "fd00::1"], services["lb"].ClusterIPs);
        Assert.Equal(["192.0.2.1"], services["lb"].ExternalIPs);
        Assert.Equal([new("192.0.2.2", null), new(null, "lb.example")], services["lb"].Ingress);
    }

    [Fact]
    public void Build_writes_endpoints_as_the_controller_does()
    {
        ManifestCluster cluster = ManifestText.Build("""
            kind: Service
            metadata: {name: db, namespace: data}
            spec:
              clusterIP: None
              ipFamilies: [IPv4, IPv6]
              selector: {app: db}
              ports: [{name: sql, port: 5432, targetPort: sql}, {name: gone, port: 1, targetPort: nowhere}]
            ---
            kind: Service
            metadata: {name: all, namespace: data}
            spec: {clusterIP: None, selector: {app: db}, publishNotReadyAddresses: true}
            ---
            kind: Node
            metadata: {name: node-a, labels: {topology.kubernetes.io/zone: zone-a}}
            ---
            kind: Pod
            metadata: {name: db-0, namespace: data, labels: {app: db, other: x}}
            spec: {hostname: db-0, subdomain: db, nodeName: node-a, containers: [{ports: [{name: sql, containerPort: 15432}]}]}
            status: {podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}, {ip: "fd00:1::1"}], conditions: [{type: Ready, status: "True"}]}
            ---
            kind: Pod
            metadata: {name: db-1, namespace: data, labels: {app: db}}
            spec: {hostname: db-1, subdomain: elsewhere, containers: [{ports: [{name: sql, containerPort: 25432}]}]}
            status: {phase: Running, podIP: 10.1.0.2, conditions: [{type: Ready, status: "False"}]}
            ---
            kind: Pod
            metadata: {name: db-2, namespace: data, labels: {app: db}, deletionTimestamp: "2026-01-01T00:00:00Z"}
            spec: {containers: [{ports: [{name: sql, containerPort: 25432}]}]}
            status: {phase: Running, podIP: 10.1.0.3}
            ---
            kind: Pod
            metadata: {name: pending, namespace: data, labels: {app: db}}
            status: {phase: Pending}
            ---
            kind: Pod
            metadata: {name: ended, namespace: data, labels: {app: db}}
            status: {phase: Succeeded, podIP: 10.1.0.9}
            ---
            kind: Pod
            metadata: {name: stranger, namespace: shop, labels: {app: db}}
            """);
        EndpointSlice[] db = [.. cluster.Slices.Where(item => item.ServiceName == "db")];
        Assert.Equal(
            ["IPv4 sql/15432: 10.1.0.1", "IPv4 sql/25432: 10.1.0.2 10.1.0.3", "IPv6 sql/15432: fd00:1::1"],
            db.Select(slice => $"{slice.AddressType} {string.Join(' ', slice.Ports.Select(port => $"{port.Name}/{port.Port}"))}: "
                + string.Join(' ', slice.Endpoints.SelectMany(item => item.Addresses))));
        Assert.Equal(db.Length, db.Select(item => item.Name).Distinct().Count());
        Endpoint first = db[0].Endpoints[0];
        Assert.Equal(("db-0", "zone-a", "node-a", true), (first.Hostname, first.Zone, first.NodeName, first.Ready));
        Assert.Equal([false, false], db[1].Endpoints.Select(item => item.Ready));
        Assert.Null(db[1].Endpoints[0].Hostname);

        EndpointSlice all = cluster.Slices.Single(item => item.ServiceName == "all");
        Assert.Equal([true, true, true], all.Endpoints.Select(item => item.Ready));
        Assert.Empty(all.Ports);
        Assert.Equal(["db-0", "db-1", "db-2", "pending", "stranger"], cluster.Pods.Select(item => item.Name).Order());
    }

    [Fact]
    public void Build_keeps_the_slices_of_an_exported_cluster()
    {
        ManifestCluster cluster = ManifestText.Build(Tutorial + """

            ---
            kind: EndpointSlice
            metadata: {name: demoservice-x, labels: {kubernetes.io/service-name: demoservice}}
            addressType: IPv4
            endpoints: [{addresses: [10.9.9.9], conditions: {ready: false}, hostname: h, zone: z}]
            ports: [{port: 80}]
            """);
        EndpointSlice slice = Assert.Single(cluster.Slices);
        Assert.Equal("demoservice-x", slice.Name);
        Assert.Equal(("h", "z", false), (slice.Endpoints[0].Hostname, slice.Endpoints[0].Zone, slice.Endpoints[0].Ready));
    }

    [Fact]
    public void Build_obeys_selectors_and_namespaces()
    {
        const string yaml = """
            {kind: List, items: [
              {kind: Namespace, metadata: {name: a, labels: {tier: app}}},
              {kind: Service, metadata: {name: one, namespace: a, labels: {k: v}}},
              {kind: Service, metadata: {name: two, namespace: a}},
              {kind: Service, metadata: {name: three, namespace: b, labels: {k: v}}},
              {kind: ServiceImport, metadata: {name: four, namespace: b, labels: {tier: app}}, spec: {ips: [10.0.0.1]}}]}
            """;
        ManifestCluster labelled = ManifestText.Build(yaml, new() { LabelSelector = "k=v", NamespaceLabelSelector = "tier" });
        Assert.Equal(["one", "three"], labelled.Services.Select(item => item.Name));
        Assert.Equal(["a"], labelled.Namespaces.Select(item => item.Name));
        Assert.Equal("four", Assert.Single(labelled.Imports).Name);
        ManifestCluster one = ManifestText.Build(yaml, new() { Namespaces = ["b"] });
        Assert.Equal(["three"], one.Services.Select(item => item.Name));
        Assert.Equal(["a", "b"], one.Namespaces.Select(item => item.Name).Order());
    }

    [Theory]
    [InlineData("a: 1\nb: [", ":3: is no YAML: ")]
    [InlineData("- 1", ":1: found a list, expected a mapping")]
    [InlineData("apiVersion: v1\nmetadata: {name: x}", ":1: found no kind, expected a Kubernetes object")]
    [InlineData("kind: Service", ":1: found nothing, expected metadata.name")]
    [InlineData("kind: Service\nmetadata:\n  name: A_b", ":3: found 'A_b', expected a name of letters")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  type: Magic", ":4: found 'Magic', expected ClusterIP, NodePort")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  type: ExternalName", ":4: found nothing, expected spec.externalName")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  clusterIP: 10.0.0", ":4: found '10.0.0', expected an address")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  clusterIP: here", ":4: found 'here', expected an address")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: 70000", ":5: found '70000', expected a port number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - name: x", ":5: found no port, expected a number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  ports: 80", ":4: found '80', expected a list")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec:\n  ports: [{port: 1, protocol: tcp}]", ":4: found 'tcp', expected TCP")]
    [InlineData("kind: Service\nmetadata: {name: a}\n---\nkind: Service\nmetadata: {name: a}", ":4: found Service default/a again, it is in ")]
    [InlineData("kind: EndpointSlice\nmetadata: {name: a}", ":1: found '', expected IPv4, IPv6 or FQDN")]
    public void Build_says_where_and_what_is_wrong(string yaml, string message)
    {
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(() => ManifestText.Build(yaml));
        Assert.Contains("all.yaml" + message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Build_leaves_out_what_is_no_business_of_dns()
    {
        ManifestCluster cluster = ManifestText.Build("""
            kind: Deployment
            spec: 3
            ---
            resources: [a.yaml]
            ---
            # nothing
            ---
            kind: Service
            apiVersion: serving.knative.dev/v1
            metadata: {name: other}
            """);
        Assert.Empty(cluster.Services);
        Assert.Empty(cluster.Namespaces);
    }

    [Theory]
    [InlineData("a=b", true)]
    [InlineData("a == b", true)]
    [InlineData("a!=b", false)]
    [InlineData("c!=b", true)]
    [InlineData("a in (x, b),!c", true)]
    [InlineData("a notin (x,b)", false)]
    [InlineData("c notin (x)", true)]
    [InlineData("a", true)]
    [InlineData("!a", false)]
    [InlineData("", true)]
    [InlineData("example.com/x_y=", true)]
    public void Matches_obeys_the_selector(string selector, bool matches)
    {
        LabelSet labels = new([new("a", "b"), new("example.com/x_y", "")]);
        Assert.Equal(matches, LabelSelector.Parse(selector).Matches(labels));
    }

    [Theory]
    [InlineData("=b")]
    [InlineData("a=b=c")]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData("a b")]
    [InlineData("!")]
    public void Parse_refuses_what_is_no_selector(string text) =>
        Assert.Throws<SourceConfigurationException>(() => LabelSelector.Parse(text));
}
