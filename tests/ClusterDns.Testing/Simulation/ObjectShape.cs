namespace ClusterDns.Testing.Simulation;

/// <summary>What an object is to a resolver.</summary>
internal enum ObjectShape : byte
{
    /// <summary>It does not exist.</summary>
    Absent,

    /// <summary>A namespace, or a Service with an address of its own that says which version it is.</summary>
    Plain,

    /// <summary>A headless Service.</summary>
    Headless,

    /// <summary>A slice with a ready endpoint whose address says which version it is.</summary>
    Ready,

    /// <summary>A slice without a ready endpoint.</summary>
    NotReady,
}
