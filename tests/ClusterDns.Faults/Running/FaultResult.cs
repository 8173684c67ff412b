namespace ClusterDns.Faults.Running;

/// <summary>A line of the table.</summary>
/// <param name="PeakMegabytes">The most memory one server process had resident.</param>
/// <param name="Recovery">From the end of the fault, or from its beginning where the server stands in for it, to right answers.</param>
/// <param name="Failures">Empty where the fault was borne.</param>
internal sealed record FaultResult(
    IFault Fault, int Sent, int Lost, int Wrong, double PeakMegabytes, TimeSpan? Recovery, TimeSpan Took, IReadOnlyList<string> Failures)
{
    public bool Passed => Failures.Count == 0;
}
