namespace ClusterDns.Plugins.Azure;

/// <summary>One record of a type with an address or a name; each type has its own members.</summary>
internal sealed record AzureRecord(
    string? Ipv4Address,
    string? Ipv6Address,
    int Preference,
    string? Exchange,
    string? Nsdname,
    string? Ptrdname,
    int Priority,
    int Weight,
    int Port,
    string? Target,
    string? Cname);
