using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// The place of one Service: its name, what is known of it, and the records made of that. Stays the same object while
/// the Service or a slice of its endpoints exists, so that others may point at it.
/// </summary>
internal sealed class ServiceEntry(byte[] key, NamespaceEntry @namespace) : ITableEntry
{
    private ServiceRecords? _records;
    private ExternalRecords? _external;

    /// <summary>
    /// The labels of service and namespace in wire form, lower-cased: <c>02 'd' 'b' 04 'd' 'a' 't' 'a'</c>.
    /// </summary>
    public byte[] Key { get; } = key;

    public ulong Hash { get; } = NameHash.Compute64(key);

    public NamespaceEntry Namespace { get; } = @namespace;

    /// <summary>
    /// Null where there is no such Service (only slices that name it), or none that can have records.
    /// </summary>
    public ServiceRecords? Records
    {
        get => Volatile.Read(ref _records);
        set => Volatile.Write(ref _records, value);
    }

    /// <summary>Where the Service is reached from outside; null where it is not.</summary>
    public ExternalRecords? External
    {
        get => Volatile.Read(ref _external);
        set => Volatile.Write(ref _external, value);
    }

    /// <summary>For the writer.</summary>
    public Service? Service { get; set; }

    /// <summary>In the order of their names, whatever order they came in; for the writer.</summary>
    public SliceRecords[] Slices { get; set; } = [];

    public override string ToString()
    {
        var service = Key.AsSpan(1, Key[0]);
        var space = Key.AsSpan(Key[0] + 2);
        return $"{System.Text.Encoding.UTF8.GetString(space)}/{System.Text.Encoding.UTF8.GetString(service)}";
    }
}
