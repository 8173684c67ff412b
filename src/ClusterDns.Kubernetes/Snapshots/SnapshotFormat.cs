namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>
/// The file's form. A header (<see cref="Magic"/>, version, identity, time, versions of the collections), then frames of one
/// object each (kind, length, fields), then a frame of kind <see cref="SnapshotKind.End"/> with the number of objects, then
/// SHA-256 over everything before it. Integers are little-endian, those called short are in groups of seven bits.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>Of the form; a file of another version is ignored, whichever is newer.</summary>
    public const ushort Version = 1;

    public const int IdentitySize = 32;

    public const int ChecksumSize = 32;

    /// <summary>Octets of an object's fields; more is damage. A slice of 1,000 endpoints has a tenth of it.</summary>
    public const int MaxFrame = 2 * 1024 * 1024;

    /// <summary>Octets of the header's text about versions.</summary>
    public const int MaxVersions = 64 * 1024;

    public static ReadOnlySpan<byte> Magic => "CDNSSNAP"u8;
}
