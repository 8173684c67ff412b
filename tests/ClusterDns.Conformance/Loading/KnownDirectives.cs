namespace ClusterDns.Conformance.Loading;

/// <summary>The directives of the recorded server: what a recording uses and we lack is not yet a failure.</summary>
internal static class KnownDirectives
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(
    [
        "root", "metadata", "geoip", "cancel", "proxyproto", "quic", "grpc_server", "https", "https3", "timeouts",
        "multisocket", "reload", "nsid", "bufsize", "bind", "debug", "trace", "ready", "health", "pprof", "shed",
        "prometheus", "errors", "log", "dnstap", "local", "dns64", "any", "chaos", "loadbalance", "tsig", "rewrite",
        "autopath", "acl", "cache", "header", "dnssec", "tls", "minimal", "template", "transfer", "hosts", "route53",
        "azure", "clouddns", "k8s_external", "kubernetes", "file", "auto", "secondary", "etcd", "loop", "forward", "grpc",
        "erratic", "whoami", "on", "sign", "view", "nomad",
    ]);
}
