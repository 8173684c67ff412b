namespace ClusterDns.Core.Zones;

/// <summary>Where in a response an RRset belongs.</summary>
public enum ZoneSection : byte
{
    Answer,
    Authority,
    Additional,
}
