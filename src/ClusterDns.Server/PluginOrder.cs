using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Plugins.Any;
using ClusterDns.Plugins.Auto;
using ClusterDns.Plugins.Autopath;
using ClusterDns.Plugins.Bind;
using ClusterDns.Plugins.Bufsize;
using ClusterDns.Plugins.Cache;
using ClusterDns.Plugins.Cancel;
using ClusterDns.Plugins.Chaos;
using ClusterDns.Plugins.Debug;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Plugins.Erratic;
using ClusterDns.Plugins.Errors;
using ClusterDns.Plugins.Etcd;
using ClusterDns.Plugins.Forward;
using ClusterDns.Plugins.Header;
using ClusterDns.Plugins.GrpcServer;
using ClusterDns.Plugins.Health;
using ClusterDns.Plugins.Hosts;
using ClusterDns.Plugins.Https;
using ClusterDns.Plugins.Https3;
using ClusterDns.Plugins.Loadbalance;
using ClusterDns.Plugins.Local;
using ClusterDns.Plugins.Log;
using ClusterDns.Plugins.Loop;
using ClusterDns.Plugins.Metadata;
using ClusterDns.Plugins.Minimal;
using ClusterDns.Plugins.Multisocket;
using ClusterDns.Plugins.Nsid;
using ClusterDns.Plugins.On;
using ClusterDns.Plugins.Prometheus;
using ClusterDns.Plugins.Quic;
using ClusterDns.Plugins.Ready;
using ClusterDns.Plugins.Reload;
using ClusterDns.Plugins.Rewrite;
using ClusterDns.Plugins.Root;
using ClusterDns.Plugins.Template;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Plugins.Tls;
using ClusterDns.Plugins.Transfer;
using ClusterDns.Plugins.View;
using ClusterDns.Plugins.Whoami;
using ClusterDns.Plugins.ZoneFiles;

namespace ClusterDns.Server;

/// <summary>Every directive there is, in the order the steps run, whatever the order in a Corefile.</summary>
internal static class PluginOrder
{
    public static IReadOnlyList<PluginRegistration> Plugins { get; } =
    [
        new(RootDirective.Name, RootDirective.Configure),
        new(MetadataDirective.Name, MetadataDirective.Configure),
        new(CancelPlugin.Name, CancelPlugin.Configure),
        new(QuicDirective.Name, QuicDirective.Configure),
        new(GrpcServerDirective.Name, GrpcServerDirective.Configure),
        new(HttpsDirective.Name, HttpsDirective.Configure),
        new(Https3Directive.Name, Https3Directive.Configure),
        new(TimeoutsDirective.Name, TimeoutsDirective.Configure),
        new(MultisocketDirective.Name, MultisocketDirective.Configure),
        new(ReloadDirective.Name, ReloadDirective.Configure),
        new(NsidPlugin.Name, NsidPlugin.Configure),
        new(BufsizePlugin.Name, BufsizePlugin.Configure),
        new(BindDirective.Name, BindDirective.Configure),
        new(DebugDirective.Name, DebugDirective.Configure),
        new(ReadyDirective.Name, ReadyDirective.Configure),
        new(HealthDirective.Name, HealthDirective.Configure),
        new(PrometheusPlugin.Name, PrometheusDirective.Configure),
        new(ErrorsPlugin.Name, ErrorsPlugin.Configure),
        new(LogPlugin.Name, LogPlugin.Configure),
        new(LocalPlugin.Name, LocalPlugin.Configure),
        new(AnyPlugin.Name, AnyPlugin.Configure),
        new(ChaosPlugin.Name, ChaosPlugin.Configure),
        new(LoadbalancePlugin.Name, LoadbalancePlugin.Configure),
        new(RewritePlugin.Name, RewritePlugin.Configure),
        new(AutopathPlugin.Name, AutopathPlugin.Configure),
        new(CachePlugin.Name, CachePlugin.Configure),
        new(HeaderPlugin.Name, HeaderPlugin.Configure),
        new(DnssecPlugin.Name, DnssecPlugin.Configure),
        new(TlsDirective.Name, TlsDirective.Configure),
        new(MinimalPlugin.Name, MinimalPlugin.Configure),
        new(TemplatePlugin.Name, TemplatePlugin.Configure),
        new(TransferPlugin.Name, TransferPlugin.Configure),
        new(HostsPlugin.Name, HostsPlugin.Configure),
        new(KubernetesPlugin.Name, KubernetesDirective.Configure),
        new(FilePlugin.Name, FilePlugin.Configure),
        new(AutoPlugin.Name, AutoPlugin.Configure),
        new(EtcdPlugin.Name, EtcdPlugin.Configure),
        new(LoopPlugin.Name, LoopPlugin.Configure),
        new(ForwardPlugin.Name, ForwardPlugin.Configure),
        new(ErraticPlugin.Name, ErraticPlugin.Configure),
        new(WhoamiPlugin.Name, WhoamiPlugin.Configure),
        new(OnDirective.Name, OnDirective.Configure),
        new(ViewDirective.Name, ViewDirective.Configure),
    ];
}
