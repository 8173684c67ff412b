using System.Net.Security;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Etcd;

/// <summary>An <c>etcd</c> directive, read.</summary>
/// <param name="Path">Parts of the keys' prefix; none: keys start with the name.</param>
/// <param name="Endpoints">Asked in turn until one answers.</param>
/// <param name="UserName">Null: no authentication.</param>
/// <param name="MinLeaseTtl">Seconds; what is left of a lease counts as no less than this.</param>
/// <param name="MaxLeaseTtl">Seconds; and as no more than this.</param>
internal sealed record EtcdOptions(
    ZoneSet Zones,
    IReadOnlyList<string> Path,
    IReadOnlyList<Uri> Endpoints,
    string? UserName,
    string? Password,
    SslClientAuthenticationOptions? Tls,
    uint MinLeaseTtl,
    uint MaxLeaseTtl,
    ZoneSet Fallthrough);
