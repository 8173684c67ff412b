using System.Buffers.Binary;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Whoami;

/// <summary>Answers every query with the client's address, port and transport in the additional section.</summary>
internal sealed class WhoamiPlugin : IPlugin
{
    public static string Name => "whoami";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        directives.ExpectOnce().ExpectNoArguments();
        return static _ => new WhoamiPlugin();
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var response = query.Response;
        response.Begin(Name, authoritative: true);
        Span<byte> address = stackalloc byte[16];
        var length = query.Client.Address.WriteOctets(address);
        var type = length == 4 ? RecordType.A : RecordType.AAAA;
        response.AddCopy(response.Additional, NameRef.QueryName, type, query.Class, ttl: 0, address[..length]);

        // Priority and weight 0, the client's port, target the root.
        Span<byte> srv = stackalloc byte[7];
        srv.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(srv[4..], query.Client.Port);
        var owner = query.IsTcpLike ? TransportName(query, "\u0004_tcp"u8) : TransportName(query, "\u0004_udp"u8);
        response.AddCopy(response.Additional, owner, RecordType.SRV, query.Class, ttl: 0, srv);
        return ValueTask.CompletedTask;
    }

    // A name of 255 octets leaves no room for a label in front: it then stands for itself.
    private static NameRef TransportName(QueryContext query, ReadOnlySpan<byte> label)
    {
        var name = query.Name.Wire;
        if (label.Length + name.Length > NameSpan.MaxLength)
        {
            return NameRef.QueryName;
        }

        var owner = query.Response.Reserve(label.Length + name.Length, out var buffer, out var offset);
        label.CopyTo(owner);
        name.CopyTo(owner[label.Length..]);
        return new NameRef(buffer, offset, owner.Length);
    }
}
