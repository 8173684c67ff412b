using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Walks the endpoints of a Service that a question asks for, in the order they are stored.</summary>
internal ref struct EndpointCursor
{
    private readonly SliceRecords[] _slices;
    private readonly ClusterQuestion _question;
    private readonly bool _anyZone;
    private readonly bool _mayRepeat;

    /// <param name="anyZone">Do not look at zones.</param>
    public EndpointCursor(ServiceRecords records, scoped in ClusterQuestion question, bool anyZone)
    {
        _slices = records.Slices;
        _question = question;
        _mayRepeat = records.MayRepeat;
        _anyZone = anyZone || question.Zone.IsEmpty;
        SliceIndex = -1;
    }

    /// <summary>Position of <see cref="Slice"/> among those of the Service.</summary>
    public int SliceIndex { get; private set; }

    public readonly SliceRecords Slice => _slices[SliceIndex];

    /// <summary>Of the endpoint in its slice.</summary>
    public int Index { get; private set; }

    /// <summary>Ports of the slice that are asked for; above 0.</summary>
    public int Ports { get; private set; }

    public bool MoveNext()
    {
        if (SliceIndex >= 0 && MoveWithin(Index + 1))
        {
            return true;
        }

        while (++SliceIndex < _slices.Length)
        {
            if (Admits(Slice) && MoveWithin(0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where an endpoint that was walked before has the same label and address.</summary>
    public readonly bool IsRepeatedAddress(bool sameLabel)
    {
        if (!_mayRepeat)
        {
            return false;
        }

        Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
        Span<byte> other = stackalloc byte[EndpointLabel.LongestIPv4];
        var address = Slice.Address(Index);
        var label = Slice.Label(Index, room);
        for (var earlier = 0; earlier <= SliceIndex; earlier++)
        {
            var slice = _slices[earlier];
            if (earlier < SliceIndex && (!IsAdmitted(slice) || (sameLabel && !IsInSameCluster(slice))))
            {
                continue;
            }

            for (var found = slice.FindAddress(address);
                found >= 0 && (earlier < SliceIndex || found < Index);
                found = slice.FindAddress(address, found + 1))
            {
                if (IsInZone(slice, found) && (!sameLabel || label.SequenceEqual(slice.Label(found, other))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// True where an endpoint that was walked before has the same label and a port of the same number.
    /// </summary>
    public readonly bool IsRepeatedPort(int port)
    {
        var number = Slice.Ports[port].Number;
        if (!_mayRepeat)
        {
            return HasPort(Slice, number, port);
        }

        var label = Slice.Label(Index, stackalloc byte[EndpointLabel.LongestIPv4]);
        for (var earlier = 0; earlier <= SliceIndex; earlier++)
        {
            var slice = _slices[earlier];
            if (earlier < SliceIndex && (!IsAdmitted(slice) || !IsInSameCluster(slice)))
            {
                continue;
            }

            // Of one endpoint the ports before this one have been walked, of an earlier one all.
            var found = slice.FindLabel(label);
            var isSelf = earlier == SliceIndex && found == Index;
            if (found >= 0 && (earlier < SliceIndex || found <= Index) && IsInZone(slice, found)
                && HasPort(slice, number, isSelf ? port : slice.Ports.Length))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool HasPort(SliceRecords slice, int number, int before)
    {
        for (var port = 0; port < before; port++)
        {
            if (slice.Ports[port].Number == number && slice.Ports[port].Matches(_question.Port, _question.Protocol))
            {
                return true;
            }
        }

        return false;
    }

    private bool Admits(SliceRecords slice)
    {
        Ports = CountPorts(slice);
        return Ports > 0 && HasCluster(slice);
    }

    private readonly bool IsAdmitted(SliceRecords slice) => CountPorts(slice) > 0 && HasCluster(slice);

    private readonly int CountPorts(SliceRecords slice)
    {
        var count = 0;
        foreach (ref readonly var port in slice.Ports.AsSpan())
        {
            count += port.Matches(_question.Port, _question.Protocol) ? 1 : 0;
        }

        return count;
    }

    private readonly bool HasCluster(SliceRecords slice) =>
        _question.Endpoint.IsEmpty || _question.Cluster.SequenceEqual(slice.Cluster);

    // Endpoints of two clusters have two names, whatever their labels.
    private readonly bool IsInSameCluster(SliceRecords slice) => Slice.Cluster.AsSpan().SequenceEqual(slice.Cluster);

    private bool MoveWithin(int from)
    {
        var slice = Slice;
        for (Index = from; Index < slice.Count; Index++)
        {
            if (!_question.Endpoint.IsEmpty)
            {
                Index = slice.FindLabel(_question.Endpoint, Index);
                if (Index < 0)
                {
                    Index = slice.Count;
                    return false;
                }
            }

            if (IsInZone(slice, Index))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool IsInZone(SliceRecords slice, int index) => _anyZone || slice.IsIn(index, _question.Zone);
}
