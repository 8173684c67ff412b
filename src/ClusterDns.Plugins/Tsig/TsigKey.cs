using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Tsig;

/// <summary>A shared secret; like CoreDNS's it may be used with any algorithm.</summary>
/// <param name="Name">In lower case.</param>
internal sealed record TsigKey(DnsName Name, byte[] Secret)
{
    // A record's text would show the secret.
    public override string ToString() => Name.ToString();
}
