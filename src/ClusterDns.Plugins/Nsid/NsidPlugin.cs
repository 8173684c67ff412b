using System.Buffers.Binary;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Nsid;

/// <summary>Says which server answered, to clients that ask for it with the NSID option (RFC 5001).</summary>
internal sealed class NsidPlugin : IPlugin
{
    private const int OptionHeaderSize = 4;

    // More would leave too little room in a datagram; CoreDNS has no bound.
    private const int MaxData = 512;

    private readonly IQueryHandler _next;
    private readonly byte[] _option;

    private NsidPlugin(IQueryHandler next, byte[] option)
    {
        _next = next;
        _option = option;
    }

    public static string Name => "nsid";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        var text = directive.Arguments.Count > 0
            ? string.Join(' ', directive.Arguments.Select(static word => word.Text))
            : Environment.MachineName;
        var data = Encoding.UTF8.GetBytes(text);
        if (data.Length > MaxData)
        {
            throw directive.Error($"the identifier has {data.Length} octets, more than {MaxData}");
        }

        var option = new byte[OptionHeaderSize + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(option, (ushort)EdnsOptionCode.NSID);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), (ushort)data.Length);
        data.CopyTo(option, OptionHeaderSize);
        return next => new NsidPlugin(next, option);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        // What the client sent, not what a later step makes of it.
        if (!IsAsked(query.Edns.Options.Span))
        {
            return _next.HandleAsync(query);
        }

        var running = _next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query.Response);
        }

        Add(query.Response);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ValueTask running, Response response)
    {
        await running;
        Add(response);
    }

    // RFC 5001 §2.1: whatever stands in the request's option is of no meaning.
    private static bool IsAsked(ReadOnlySpan<byte> options)
    {
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
            if (reader.Code is EdnsOptionCode.NSID)
            {
                return true;
            }
        }

        return false;
    }

    // An identifier that is there already is another server's: the client asked this one.
    private void Add(Response response)
    {
        var others = response.EdnsOptions.Span;
        if (others.IsEmpty)
        {
            response.EdnsOptions = _option;
            return;
        }

        var room = response.Reserve(others.Length + _option.Length, out var buffer, out var offset);
        var used = 0;
        var reader = new EdnsOptionReader(others);
        while (reader.MoveNext())
        {
            if (reader.Code is not EdnsOptionCode.NSID)
            {
                BinaryPrimitives.WriteUInt16BigEndian(room[used..], (ushort)reader.Code);
                BinaryPrimitives.WriteUInt16BigEndian(room[(used + 2)..], (ushort)reader.Value.Length);
                reader.Value.CopyTo(room[(used + OptionHeaderSize)..]);
                used += OptionHeaderSize + reader.Value.Length;
            }
        }

        _option.CopyTo(room[used..]);
        response.EdnsOptions = buffer.AsMemory(offset, used + _option.Length);
    }
}
