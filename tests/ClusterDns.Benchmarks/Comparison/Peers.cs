using ClusterDns.Benchmarks.Cluster;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>
/// Writes the configurations of the servers that are compared: one worker each, nothing logged, the same data. What a server
/// cannot do (Knot and NSD forward nothing, Debian's Knot has no TLS) it is not asked for.
/// </summary>
internal sealed class Peers(ClusterFiles files, PeerPorts ports)
{
    private readonly string _folder = files.Folder;

    public MeasuredServer Knot() => new("knot", Knot("knot", ports.Dns, ClusterFiles.Zone, "k.zone"), "ketr");

    /// <summary>What the forwarding phases ask.</summary>
    public string[] Upstream() => Knot("upstream", ports.Upstream, "bench.example", "bench.zone");

    public MeasuredServer Nsd()
    {
        var file = Write("nsd.conf", $"""
            server:
              ip-address: 127.0.0.1@{ports.Dns}
              server-count: 1
              username: ""
              chroot: ""
              zonesdir: "{_folder}"
              database: ""
              pidfile: ""
              xfrdfile: "{_folder}/xfrd"
              zonelistfile: "{_folder}/zonelist"
              rrl-ratelimit: 0
            remote-control:
              control-enable: no
            zone:
              name: {ClusterFiles.Zone}
              zonefile: k.zone
            """);
        return new MeasuredServer("nsd", ["nsd", "-d", "-c", file], "ketr");
    }

    public MeasuredServer Unbound()
    {
        var file = Write("unbound.conf", $"""
            server:
              interface: 127.0.0.1@{ports.Dns}
              interface: 127.0.0.1@{ports.Tls}
              tls-port: {ports.Tls}
              tls-service-key: "{_folder}/tls.key"
              tls-service-pem: "{_folder}/tls.crt"
              num-threads: 1
              username: ""
              chroot: ""
              directory: "{_folder}"
              pidfile: ""
              use-syslog: no
              verbosity: 0
              do-not-query-localhost: no
              module-config: "iterator"
              outgoing-range: 900
              num-queries-per-thread: 450
              access-control: 127.0.0.0/8 allow
              local-zone: "bench.example." transparent
            include: "{_folder}/unbound-local.conf"
            remote-control:
              control-enable: no
            forward-zone:
              name: "."
              forward-addr: 127.0.0.1@{ports.Upstream}
            """);
        return new MeasuredServer("unbound", ["unbound", "-d", "-c", file], "ketrcmd");
    }

    /// <param name="source">The line of the directive kubernetes that says where the cluster is.</param>
    /// <param name="extra">Further directives of the block.</param>
    public MeasuredServer ClusterDns(string name, string program, string source, string extra = "", bool isServingTls = true)
    {
        var chain = $$"""
                bind 127.0.0.1
                errors
                kubernetes {{ClusterFiles.Zone}} in-addr.arpa ip6.arpa {
                    {{source}}
                    pods insecure
                    fallthrough in-addr.arpa ip6.arpa
                    ttl 30
                }
                forward . 127.0.0.1:{{ports.Upstream}}
                cache 30
                loadbalance
                {{extra}}
            """;
        var blocks = $".:{ports.Dns} {{\n{chain}\n    prometheus 127.0.0.1:{ports.Metrics}\n}}\n";
        if (isServingTls)
        {
            blocks += $"tls://.:{ports.Tls} {{\n{chain}\n    tls {_folder}/tls.crt {_folder}/tls.key\n}}\n";
        }

        return new MeasuredServer(name, [program, "-quiet", "-conf", Write($"Corefile.{name}", blocks)], isServingTls ? "ketrcmd" : "ketrcm");
    }

    private string[] Knot(string name, int listen, string zone, string zoneFile)
    {
        var storage = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var file = Write($"{name}.conf", $"""
            server:
                listen: 127.0.0.1@{listen}
                rundir: {storage}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            database:
                storage: {storage}
            log:
              - target: stderr
                any: error
            template:
              - id: default
                storage: {_folder}
                semantic-checks: off
                zonefile-load: whole
                journal-content: none
            zone:
              - domain: {zone}
                file: {zoneFile}
            """);
        return ["knotd", "-c", file];
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
