namespace ClusterDns.Plugins.Geoip;

/// <summary>Types of a value in a MaxMind DB file, by the numbers the format gives them.</summary>
internal enum GeoValueKind
{
    None = 0,
    Pointer = 1,
    Text = 2,
    Double = 3,
    Octets = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15,
}
