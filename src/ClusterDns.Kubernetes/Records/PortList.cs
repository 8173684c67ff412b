using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Lists of ports, the few that there are in a cluster kept once, and their names too.</summary>
internal sealed class PortList
{
    private const int MostNames = 4096;
    private const int Slots = 256;

    // What an object without ports has in its place: it is found, but no SRV record is made of it.
    private static readonly PortRecord[] StandIn = [new PortRecord([], [], PortRecord.None)];

    private readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);

    // Most Services of a cluster have one of few lists.
    private readonly PortRecord[]?[] _lists = new PortRecord[]?[Slots];

    public PortRecord[] Create(ServicePort[] ports)
    {
        if (ports.Length == 0)
        {
            return StandIn;
        }

        var records = new PortRecord[ports.Length];
        for (var index = 0; index < ports.Length; index++)
        {
            ref readonly var port = ref ports[index];
            records[index] = new PortRecord(Octets(port.Name), Octets(port.Protocol), port.Port);
        }

        ref var slot = ref _lists[SlotOf(records)];
        return slot is not null && AreSame(slot, records) ? slot : slot = records;
    }

    /// <summary>The list, or <paramref name="known"/> where that says the same.</summary>
    public static PortRecord[] Share(PortRecord[] ports, PortRecord[]? known) =>
        known is not null && AreSame(ports, known) ? known : ports;

    public static bool AreSame(PortRecord[] left, PortRecord[] right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var index = 0; index < left.Length; index++)
        {
            if (!left[index].IsSame(in right[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static uint SlotOf(PortRecord[] ports)
    {
        var hash = 17;
        foreach (ref readonly var port in ports.AsSpan())
        {
            hash = (hash * 31) + (port.Number * 7) + port.Name.Length;
        }

        return (uint)hash % Slots;
    }

    private byte[] Octets(string text)
    {
        if (!_names.TryGetValue(text, out var octets))
        {
            if (_names.Count == MostNames)
            {
                _names.Clear();
            }

            _names[text] = octets = LabelText.ToLowerOctets(text);
        }

        return octets;
    }
}
