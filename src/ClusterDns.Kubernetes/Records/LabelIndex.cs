using System.Numerics;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Finds an endpoint of a slice by its label where there are too many to look through. Immutable.</summary>
internal sealed class LabelIndex
{
    /// <summary>Up to so many labels are looked through one by one.</summary>
    public const int LeastEntries = 8;

    private readonly SliceRecords _slice;

    // One more than the endpoint's index; 0 is free. A slice holds 1,000 endpoints at most, a foreign one 65,534 here.
    private readonly ushort[] _slots;

    public LabelIndex(SliceRecords slice)
    {
        _slice = slice;
        _slots = new ushort[BitOperations.RoundUpToPowerOf2((uint)slice.Count * 2)];
        var mask = _slots.Length - 1;
        for (var endpoint = 0; endpoint < slice.Count; endpoint++)
        {
            var label = slice.Label(endpoint, []);
            var slot = NameHash.Compute(label) & mask;
            while (_slots[slot] != 0 && !label.SequenceEqual(slice.Label(_slots[slot] - 1, [])))
            {
                slot = (slot + 1) & mask;
            }

            if (_slots[slot] == 0)
            {
                _slots[slot] = (ushort)(endpoint + 1);
            }
            else
            {
                HasDuplicates = true;
            }
        }
    }

    /// <summary>Some label names several endpoints.</summary>
    public bool HasDuplicates { get; }

    /// <summary>The first endpoint with this label, or -1.</summary>
    public int Find(ReadOnlySpan<byte> label)
    {
        var mask = _slots.Length - 1;
        for (var slot = NameHash.Compute(label) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var endpoint = _slots[slot] - 1;
            if (label.SequenceEqual(_slice.Label(endpoint, [])))
            {
                return endpoint;
            }
        }

        return -1;
    }
}
