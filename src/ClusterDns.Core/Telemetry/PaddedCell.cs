using System.Runtime.InteropServices;

namespace ClusterDns.Core.Telemetry;

/// <summary>A counter's share of one worker, alone on its cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct PaddedCell
{
    public long Value;
}
