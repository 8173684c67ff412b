using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Acl;

/// <summary>
/// Prefixes of one address family as ranges that neither touch nor overlap, in ascending order: whether an address lies in
/// one of n costs log n comparisons. Immutable.
/// </summary>
internal sealed class AddressRanges
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;

    /// <param name="prefixes">Address and length, all of the family; bits behind the length do not matter.</param>
    /// <param name="width">32 or 128.</param>
    public AddressRanges(IEnumerable<(IPAddressValue Address, int Length)> prefixes, int width)
    {
        List<UInt128> firsts = [];
        List<UInt128> lasts = [];
        var ranges = prefixes
            .Select(prefix => (First: prefix.Address.Bits & ~HostBits(width - prefix.Length), Host: HostBits(width - prefix.Length)))
            .OrderBy(static range => range.First);
        foreach (var (first, host) in ranges)
        {
            // A prefix is a power of two long and begins at a multiple of it: its last address cannot overflow.
            var last = first | host;
            if (firsts.Count > 0 && (first <= lasts[^1] || first - lasts[^1] == UInt128.One))
            {
                lasts[^1] = UInt128.Max(lasts[^1], last);
                continue;
            }

            firsts.Add(first);
            lasts.Add(last);
        }

        _firsts = [.. firsts];
        _lasts = [.. lasts];
    }

    public int Count => _firsts.Length;

    public bool Contains(UInt128 address)
    {
        var low = 0;
        var high = _firsts.Length - 1;
        while (low <= high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (address < _firsts[middle])
            {
                high = middle - 1;
            }
            else if (address > _lasts[middle])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static UInt128 HostBits(int count) => count >= 128 ? UInt128.MaxValue : (UInt128.One << count) - UInt128.One;
}
