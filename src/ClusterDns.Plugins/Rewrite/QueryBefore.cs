using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>What a query asked for, beside its name, before rules changed it.</summary>
internal readonly struct QueryBefore(QueryContext query)
{
    private readonly RecordType _type = query.Type;
    private readonly RecordClass _class = query.Class;
    private readonly RequestEdns _edns = query.Edns;

    public void Restore(QueryContext query)
    {
        query.Type = _type;
        query.Class = _class;
        query.Edns = _edns;
    }
}
