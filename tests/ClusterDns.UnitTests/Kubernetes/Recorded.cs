namespace ClusterDns.UnitTests.Kubernetes;

/// <summary>What a real API server said, byte for byte; Kubernetes/ApiServer/README.md says to which request.</summary>
internal static class Recorded
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Kubernetes", "ApiServer", name);

    public static string Text(string name) => File.ReadAllText(PathOf(name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>The events of a recorded watch; the head of a recorded response is skipped.</summary>
    public static string[] Lines(string name) => [.. File.ReadLines(PathOf(name)).Where(line => line.StartsWith('{'))];
}
