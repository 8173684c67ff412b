using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Loadbalance;

/// <summary><c>prefer</c>: addresses of these networks come first, in the order of the networks.</summary>
internal sealed class PreferredNetworks
{
    private readonly (IPAddressValue Prefix, int Length)[] _networks;

    private PreferredNetworks((IPAddressValue Prefix, int Length)[] networks) => _networks = networks;

    public static PreferredNetworks Read(Directive property) => new([.. property.Arguments.Select(static word =>
        word.Text.Contains('/', StringComparison.Ordinal) && IPAddressValue.TryParsePrefix(word.Text, out var prefix, out var length)
            ? (prefix, length)
            : throw word.Unexpected("a network such as 10.0.0.0/8"))]);

    /// <summary>Moves preferred addresses before the other ones; records that are no addresses keep their places.</summary>
    public void PutFirst(ResponseSection section)
    {
        var records = section.Records;
        for (var index = 1; index < records.Length; index++)
        {
            var order = OrderOf(records[index]);
            if (order < 0)
            {
                continue;
            }

            var record = records[index];
            var place = index;
            while (place > 0 && OrderOf(records[place - 1]) > order)
            {
                records[place] = records[place - 1];
                place--;
            }

            records[place] = record;
        }
    }

    // The first network that has the address; behind all for one in none; -1 for what is no address.
    private int OrderOf(in ResponseRecord record)
    {
        if (record.Type is not (RecordType.A or RecordType.AAAA))
        {
            return -1;
        }

        var address = record.Type is RecordType.A ? IPAddressValue.FromIPv4(record.Rdata) : IPAddressValue.FromIPv6(record.Rdata);
        for (var index = 0; index < _networks.Length; index++)
        {
            if (address.IsIn(_networks[index].Prefix, _networks[index].Length))
            {
                return index;
            }
        }

        return _networks.Length;
    }
}
