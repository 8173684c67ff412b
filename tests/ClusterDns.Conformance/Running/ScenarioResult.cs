using System.Text;

namespace ClusterDns.Conformance.Running;

/// <summary>How a scenario went.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="Total">How many cases were asked.</param>
/// <param name="Failures">Those that do not agree, and what else was wrong.</param>
/// <param name="UsedDeviations">The deviations that stood for a recorded reply.</param>
internal sealed record ScenarioResult(
    string Name, int Total, IReadOnlyList<CaseFailure> Failures, IReadOnlyCollection<Deviations.Deviation> UsedDeviations)
{
    public int Agreed => Total - Failures.Count(static f => f.Index >= 0);

    public bool Succeeded => Failures.Count == 0;

    public string Report(int show)
    {
        StringBuilder text = new();
        foreach (CaseFailure failure in Failures.Take(show))
        {
            text.AppendLine(failure.Text.TrimEnd());
        }

        int hidden = Failures.Count - Math.Min(show, Failures.Count);
        return text.Append(hidden > 0 ? $"… and {hidden} more\n" : "").Append($"{Name}: {Agreed} of {Total} agree").ToString();
    }
}
