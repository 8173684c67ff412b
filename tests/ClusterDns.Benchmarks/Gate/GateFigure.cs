namespace ClusterDns.Benchmarks.Gate;

/// <summary>What was counted when it was written down.</summary>
/// <param name="Count">Instructions, in the unit that the figure's name says.</param>
/// <param name="PerCentMore">How much more is let pass: what runs on several threads waits now and then, and waiting counts.</param>
internal sealed record GateFigure(double Count, double PerCentMore)
{
    public double Limit => Count * (1 + (PerCentMore / 100));
}
