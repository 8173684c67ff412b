using System.Reflection;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>The commit this was built from; empty in a build without a repository.</summary>
internal static class BuildRevision
{
    public static string Value { get; } = typeof(BuildRevision).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : "";
}
