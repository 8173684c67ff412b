using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Log;

/// <summary>One <c>log</c> directive: which names, which responses, in what form.</summary>
internal sealed record LogRule(ZoneSet Names, LogFormat Format, LogClasses Classes);
