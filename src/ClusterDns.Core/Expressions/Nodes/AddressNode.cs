using ClusterDns.Core.Pipeline;

namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>client_ip()</c> and <c>server_ip()</c>, which need no text where an address is asked for.</summary>
internal sealed class AddressNode(Func<QueryContext, IPAddressValue> read) : ExpressionNode
{
    // An IPv6 address with a scope.
    private const int MaxLength = 64;

    public override ValueKinds Kinds => ValueKinds.Text;

    public IPAddressValue Read(QueryContext query) => read(query);

    public override Value Evaluate(ref ExpressionRun run)
    {
        var text = run.Reserve(MaxLength);
        var length = Read(run.Query).Format(text);
        run.Return(MaxLength - length);
        return Value.From(text[..length]);
    }
}
