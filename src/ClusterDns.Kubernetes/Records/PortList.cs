using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Lists of ports, with the few names there are in a cluster kept once.</summary>
internal sealed class PortList
{
    private const int MostNames = 4096;

    // What an object without ports has in its place: it is found, but no SRV record is made of it.
    private static readonly PortRecord[] StandIn = [new PortRecord([], [], PortRecord.None)];

    private readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);

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

        return records;
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
