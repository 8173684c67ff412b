using System.Reflection;
using System.Runtime.InteropServices;

namespace ClusterDns.Server.Cli;

/// <summary>What the program calls itself.</summary>
internal static class ProductVersion
{
    /// <summary>The server that this one takes the place of; tools look for its name in the first lines.</summary>
    private const string Compatible = "CoreDNS-1.14.7 compatible: ";

    private static readonly string Informational =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary><c>1.0.0</c></summary>
    public static string Version => Informational.Split('+')[0];

    /// <summary>The first digits of the commit; <c>unknown</c> in a build without a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, { Length: > 0 } commit] ? commit[..Math.Min(commit.Length, 9)] : "unknown";

    public static string Runtime => $".NET {Environment.Version}";

    /// <summary>Operating system and processor as Go and container images spell them: <c>linux/amd64</c>.</summary>
    public static string Platform => $"{(OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : "other")}/{Processor}";

    /// <summary>Two lines.</summary>
    public static string Text => $"{Compatible}ClusterDns-{Version}{Environment.NewLine}{Platform}, {Runtime}, {Commit}";

    private static string Processor => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        _ => RuntimeInformation.ProcessArchitecture.ToString(),
    };
}
