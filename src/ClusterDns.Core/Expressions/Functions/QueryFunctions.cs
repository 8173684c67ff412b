using System.Globalization;
using ClusterDns.Core.Expressions.Nodes;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Core.Expressions.Functions;

/// <summary>What an expression can ask about a query. The addresses are nodes of their own: see <see cref="Address"/>.</summary>
internal static class QueryFunctions
{
    private const int MaxPortLength = 5;

    private static readonly AddressNode ClientAddress = new(static query => query.Client.Address);
    private static readonly AddressNode ServerAddress = new(ReadServerAddress);

    public static IEnumerable<ExpressionFunction> All { get; } =
    [
        Text("name", Name),
        Text("type", static (ref run, _) => Value.From(RecordTypeText.Format(run.Query.Type).AsSpan())),
        Text("class", static (ref run, _) => Value.From(RecordClassText.Format(run.Query.Class).AsSpan())),
        Text("proto", static (ref run, _) => Value.From(Protocol(run.Query.Transport).AsSpan())),
        Text("port", static (ref run, _) => Port(ref run, run.Query.Client.Port)),
        Text("server_port", static (ref run, _) => Port(ref run, run.Query.Local.Port)),
        Text("client_ip", static (ref run, _) => ClientAddress.Evaluate(ref run)),
        Text("server_ip", static (ref run, _) => ServerAddress.Evaluate(ref run)),
        Number("size", static (ref run, _) => Value.From((long)run.Query.MessageLength)),
        Number("bufsize", static (ref run, _) => Value.From((long)run.Query.MaxResponseSize)),
        Number("id", static (ref run, _) => Value.From((long)run.Query.Id)),
        Number("opcode", static (ref run, _) => Value.From((long)run.Query.OpCode)),
        new("do", [], 0, ValueKinds.Bool, static (ref run, _) => Value.From(run.Query.DnssecOk)),
        new("metadata", [ValueKinds.Text], 1, ValueKinds.Text, Metadata),
        new("incidr", [ValueKinds.Text, ValueKinds.Text], 2, ValueKinds.Bool, static (ref run, _) => run.Fail()),
    ];

    /// <summary>The node of a function that gives an address; null for others.</summary>
    public static AddressNode? Address(string function) => function switch
    {
        "client_ip" => ClientAddress,
        "server_ip" => ServerAddress,
        _ => null,
    };

    private static ExpressionFunction Text(string name, FunctionBody body) => new(name, [], 0, ValueKinds.Text, body);

    private static ExpressionFunction Number(string name, FunctionBody body) => new(name, [], 0, ValueKinds.Int, body);

    private static Value Name(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var text = run.Reserve(NameText.MaxLength);
        var length = NameText.Format(run.Query.LowerName, text);
        run.Return(text.Length - length);
        return Value.From(text[..length]);
    }

    private static Value Port(ref ExpressionRun run, ushort port)
    {
        var text = run.Reserve(MaxPortLength);
        port.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        run.Return(MaxPortLength - length);
        return Value.From(text[..length]);
    }

    private static string Protocol(TransportProtocol transport) =>
        transport is TransportProtocol.Udp or TransportProtocol.Quic or TransportProtocol.Https3 ? "udp" : "tcp";

    // "" where nobody offers the label.
    private static Value Metadata(ref ExpressionRun run, ExpressionNode[] arguments)
    {
        var label = arguments[0].Evaluate(ref run);
        return label.Kind is ValueKinds.Text
            ? Value.From((run.Query.Metadata?.Find(label.Text, run.Query)).AsSpan())
            : run.Fail();
    }

    // CoreDNS knows the address its UDP socket is bound to, not the one that was asked: all zeros behind a socket that is
    // bound to all addresses.
    private static IPAddressValue ReadServerAddress(QueryContext query) =>
        query.Transport is TransportProtocol.Udp && query.Listener.Label.Contains("://:", StringComparison.Ordinal)
            ? IPAddressValue.FromIPv6(stackalloc byte[16])
            : query.Local.Address;
}
