namespace ClusterDns.Plugins.Nomad;

/// <summary>One instance of a service, as Nomad's API tells it.</summary>
internal sealed record NomadRegistration(string? Address, int Port);
