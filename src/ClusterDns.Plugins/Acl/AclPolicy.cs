using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Acl;

/// <summary>One line of a rule: an action for some types from some clients.</summary>
/// <param name="types">Null: every type.</param>
/// <param name="clients">Null: everyone.</param>
internal sealed class AclPolicy(AclAction action, RecordType[]? types, AddressSet? clients)
{
    public AclAction Action => action;

    public bool Fits(RecordType type, IPAddressValue client) =>
        (types is null || types.AsSpan().Contains(type)) && (clients is null || clients.Contains(client));
}
