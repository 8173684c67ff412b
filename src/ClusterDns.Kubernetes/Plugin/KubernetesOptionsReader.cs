using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Manifests;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Reads the directive.</summary>
internal sealed class KubernetesOptionsReader
{
    private static readonly DnsName[] ReverseZones = [DnsName.Parse("in-addr.arpa."), DnsName.Parse("ip6.arpa.")];

    private static readonly TimeSpan LeastAudit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    private static readonly string[] Known =
    [
        "endpoint", "tls", "kubeconfig", "apiserver_qps", "apiserver_burst", "apiserver_max_inflight", "manifests",
        "namespaces", "labels", "namespace_labels", "pods", "endpoint_pod_names", "ttl", "noendpoints", "zonal",
        "ignore", "multicluster", "startup_timeout", "fallthrough",
        "snapshot", "audit",
    ];

    private readonly Directive _directive;
    private readonly BlockContext _block;
    private KubernetesOptions _options;
    private RecordOptions _records = new();
    private KubernetesSyncOptions _sync = new();

    private KubernetesOptionsReader(Directive directive, BlockContext block)
    {
        _directive = directive;
        _block = block;
        DnsName[] zones = [.. directive.ParseZones().Select(static zone => zone.ToLower()).Distinct()];
        _options = new KubernetesOptions
        {
            Zones = zones,
            PrimaryZone = Array.Find(zones, static zone => !IsReverse(zone))
                ?? throw directive.Error("non-reverse zone name must be used"),
        };
    }

    public static KubernetesOptions Read(Directive directive, BlockContext block)
    {
        var reader = new KubernetesOptionsReader(directive, block);
        foreach (var property in directive.Properties)
        {
            if (property.Name is not "snapshot")
            {
                property.ExpectNoBlock();
            }

            reader.Read(property);
        }

        return reader.Finish();
    }

    public static bool IsReverse(DnsName zone) => Array.Exists(ReverseZones, zone.IsSubdomainOf);

    private KubernetesOptions Finish()
    {
        const int longest = NameSpan.MaxLength - ZoneAuthority.LongestPrefix;
        if (_options.Zones.FirstOrDefault(static zone => zone.Wire.Length > longest) is { } zone)
        {
            throw _directive.Error($"zone {zone} is too long: no name fits below it");
        }

        if (_records.Namespaces.Count > 0 && _sync.NamespaceLabelSelector.Length > 0)
        {
            throw _directive.Error("namespaces and namespace_labels cannot both be set");
        }

        if (_records.Zonal && _options.NoEndpoints)
        {
            throw _directive.Error("zonal and noendpoints cannot both be set");
        }

        if (_sync.CertificateFile is not null && _sync.Endpoint is null)
        {
            throw _directive.Error("tls needs an endpoint");
        }

        if (_sync.ManifestFolder is not null && _options.Snapshot is not null)
        {
            throw _directive.Error("snapshot cannot be set together with manifests, which are on disk already");
        }

        if (_sync.ManifestFolder is not null && (_sync.Endpoint ?? _sync.KubeconfigFile) is not null)
        {
            throw _directive.Error("manifests cannot be set together with endpoint or kubeconfig");
        }

        return _options with { Records = _records, Sync = _sync };
    }

    private void Read(Directive property)
    {
        switch (property.Name)
        {
            case "endpoint" or "tls" or "kubeconfig" or "manifests":
            case "apiserver_qps" or "apiserver_burst" or "apiserver_max_inflight" or "audit":
                ReadConnection(property);
                break;
            case "namespaces" or "labels" or "namespace_labels":
                ReadSelection(property);
                break;
            case "endpoint_pod_names" or "noendpoints" or "zonal":
                property.ExpectNoArguments();
                ReadSwitch(property.Name);
                break;
            default:
                ReadAnswers(property);
                break;
        }
    }

    private void ReadConnection(Directive property)
    {
        switch (property.Name)
        {
            case "endpoint":
                // Several were once shared among; one is used.
                property.ExpectArguments(1);
                _sync = _sync with { Endpoint = property.Arguments[0].Text };
                break;
            case "tls":
                property.ExpectArguments(3, 3);
                _sync = _sync with
                {
                    CertificateFile = _block.ResolvePath(property.Arguments[0].Text),
                    KeyFile = _block.ResolvePath(property.Arguments[1].Text),
                    AuthorityFile = _block.ResolvePath(property.Arguments[2].Text),
                };
                break;
            case "kubeconfig":
                property.ExpectArguments(1, 2);
                _sync = _sync with
                {
                    KubeconfigFile = _block.ResolvePath(property.Arguments[0].Text),
                    KubeconfigContext = property.Arguments.Count == 2 ? property.Arguments[1].Text : null,
                };
                break;
            case "manifests":
                _sync = _sync with { ManifestFolder = _block.ResolvePath(property.ExpectArgument().Text) };
                break;
            case "audit":
                _sync = _sync with { AuditInterval = ReadAudit(property.ExpectArgument()) };
                break;
            case "apiserver_qps":
                // The limits of the client are accepted and, as in CoreDNS, change nothing: a watch asks once.
                _ = property.ExpectArgument().ParseFloat(min: 0);
                break;
            default:
                _ = property.ExpectArgument().ParseInt(min: 0);
                break;
        }
    }

    private void ReadSelection(Directive property)
    {
        property.ExpectArguments(1);
        var words = property.Arguments.Select(static argument => argument.Text);
        switch (property.Name)
        {
            case "namespaces":
                string[] spaces = [.. _sync.Namespaces.Concat(words).Distinct(StringComparer.Ordinal)];
                _sync = _sync with { Namespaces = spaces };
                _records = _records with { Namespaces = new HashSet<string>(spaces, StringComparer.Ordinal) };
                break;
            case "labels":
                _sync = _sync with { LabelSelector = ReadSelector(property, words) };
                break;
            default:
                _sync = _sync with { NamespaceLabelSelector = ReadSelector(property, words) };
                break;
        }
    }

    private static string ReadSelector(Directive property, IEnumerable<string> words)
    {
        var text = string.Join(' ', words);
        try
        {
            _ = LabelSelector.Parse(text);
            return text;
        }
        catch (SourceConfigurationException)
        {
            throw property.Arguments[0].Unexpected("a label selector such as app=web,tier in (front, back)");
        }
    }

    private void ReadSwitch(string name)
    {
        switch (name)
        {
            case "endpoint_pod_names":
                _records = _records with { EndpointPodNames = true };
                break;
            case "zonal":
                _records = _records with { Zonal = true };
                break;
            default:
                _options = _options with { NoEndpoints = true };
                break;
        }
    }

    private void ReadAnswers(Directive property)
    {
        switch (property.Name)
        {
            case "pods":
                _options = _options with { PodMode = ReadPodMode(property.ExpectArgument()) };
                break;
            case "ttl":
                _options = _options with { Ttl = (uint)property.ExpectArgument().ParseInt(0, 3600) };
                break;
            case "ignore":
                var word = property.ExpectArgument();
                _records = word.Text == "empty_service"
                    ? _records with { IgnoreEmptyService = true }
                    : throw word.Unexpected("empty_service");
                break;
            case "multicluster":
                _options = _options with { MulticlusterZones = ReadMulticluster(property) };
                break;
            case "startup_timeout":
                _options = _options with { StartupTimeout = property.ExpectArgument().ParseDuration() };
                break;
            case "snapshot":
                _options = _options with { Snapshot = ReadSnapshot(property) };
                break;
            case "fallthrough":
                _options = _options with { Fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones)) };
                break;
            default:
                throw property.UnknownProperty(Known);
        }
    }

    private static TimeSpan ReadAudit(Token word) =>
        word.Text == "off" ? TimeSpan.Zero : word.ParseDuration(LeastAudit, GoDuration.LongestTimer / 2);

    private SnapshotOptions ReadSnapshot(Directive property)
    {
        SnapshotOptions snapshot = new(Path.GetFullPath(_block.ResolvePath(property.ExpectArgument().Text)));
        foreach (var option in property.Properties)
        {
            option.ExpectNoBlock();
            snapshot = option.Name switch
            {
                "max_age" => snapshot with { MaxAge = option.ExpectArgument().ParseDuration(LeastInterval, TimeSpan.MaxValue) },
                "interval" => snapshot with { Interval = option.ExpectArgument().ParseDuration(LeastInterval, GoDuration.LongestTimer) },
                _ => throw option.UnknownProperty("max_age", "interval"),
            };
        }

        return snapshot;
    }

    private static PodMode ReadPodMode(Token word) => word.Text switch
    {
        "disabled" => PodMode.Disabled,
        "insecure" => PodMode.Insecure,
        "verified" => PodMode.Verified,
        _ => throw word.Unexpected("one of disabled, insecure, verified"),
    };

    private DnsName[] ReadMulticluster(Directive property)
    {
        property.ExpectArguments(1);
        DnsName[] zones = [.. property.ParseZones().Select(static zone => zone.ToLower())];
        return Array.Find(zones, zone => !_options.Zones.Contains(zone)) is { } foreign
            ? throw property.Error($"is not authoritative for the multicluster zone {foreign}")
            : zones;
    }
}
