namespace ClusterDns.Testing.Simulation;

/// <summary>One version of one object, or its end.</summary>
/// <param name="Key">NAMESPACE/NAME, or the name alone.</param>
/// <param name="Shape">What of it answers depend on.</param>
/// <param name="Json">Null where the object is gone.</param>
internal sealed record SimulatedObject(string Plural, string Key, long Version, DateTimeOffset At, ObjectShape Shape, string? Json);
