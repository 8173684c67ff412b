using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Cache;

/// <summary>What an answer depends on beside the name: type, class, DO and CD; with a hash of all that and the name.</summary>
internal readonly record struct CacheKey(ulong Hash, RecordType Type, RecordClass Class, bool DnssecOk, bool CheckingDisabled)
{
    public static CacheKey Of(QueryContext query)
    {
        var checkingDisabled = (query.Flags & HeaderFlags.CheckingDisabled) != 0;
        var fields = ((ulong)query.Type << 32) | ((ulong)query.Class << 16) | (query.DnssecOk ? 2UL : 0) | (checkingDisabled ? 1UL : 0);
        var hash = NameHash.Mix(NameHash.Compute64(query.LowerName.Wire), fields);
        return new CacheKey(hash, query.Type, query.Class, query.DnssecOk, checkingDisabled);
    }
}
