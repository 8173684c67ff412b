namespace ClusterDns.Conformance.Loading;

/// <summary>How the server took one Corefile.</summary>
/// <param name="Name">The recorded case.</param>
/// <param name="Problem">What is wrong; null where it agrees or was not tried.</param>
/// <param name="Missing">Directives that the server does not have yet: the case was not tried.</param>
/// <param name="Note">Something worth seeing that is no failure.</param>
internal sealed record CorefileResult(string Name, string? Problem, IReadOnlyList<string> Missing, string? Note = null)
{
    public bool WasTried => Missing.Count == 0;
}
