using System.Net.Security;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Nomad;

/// <summary>A <c>nomad</c> directive, read.</summary>
/// <param name="Zone">Lower-cased.</param>
/// <param name="Addresses">Asked in turn until one answers.</param>
/// <param name="Ttl">Seconds.</param>
/// <param name="Filter">An expression of Nomad's that services have to satisfy; null: none.</param>
internal sealed record NomadOptions(
    DnsName Zone, IReadOnlyList<Uri> Addresses, string? Token, uint Ttl, string? Filter, SslClientAuthenticationOptions Tls);
