namespace ClusterDns.Plugins.Etcd;

/// <summary>What a key's value says, in the form that SkyDNS gave it.</summary>
internal sealed record SkydnsValue(
    string? Host, long Port, long Priority, long Weight, string? Text, bool Mail, uint Ttl, int Targetstrip, string? Group);
