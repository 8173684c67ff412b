namespace ClusterDns.Testing.Simulation;

/// <summary>One watch in progress.</summary>
/// <param name="Replica">Whose it is.</param>
internal sealed record SimulatedWatch(string Plural, SimulatedStream Stream, int Replica)
{
    /// <summary>Nothing comes through any more; the connection notices later.</summary>
    public bool IsSilent { get; set; }
}
