using ClusterDns.Core.Pipeline;

namespace ClusterDns.Core.Expressions.Nodes;

/// <summary><c>incidr(ip, cidr)</c>; a prefix that is written down is read once.</summary>
internal sealed class PrefixNode : ExpressionNode
{
    private readonly ExpressionNode _address;
    private readonly ExpressionNode _prefix;
    private readonly (IPAddressValue Address, int Length)? _constant;

    public PrefixNode(ExpressionNode address, ExpressionNode prefix)
    {
        _address = address;
        _prefix = prefix;
        if (prefix is ConstantNode)
        {
            var run = default(ExpressionRun);
            _constant = Parse(prefix.Evaluate(ref run));
        }
    }

    public override ValueKinds Kinds => ValueKinds.Bool;

    public override Value Evaluate(ref ExpressionRun run)
    {
        IPAddressValue address;
        if (_address is AddressNode node)
        {
            address = node.Read(run.Query);
        }
        else if (!IPAddressValue.TryParse(_address.Evaluate(ref run).Text, out address))
        {
            return run.Fail();
        }

        return (_constant ?? (_prefix is ConstantNode ? null : Parse(_prefix.Evaluate(ref run)))) is { } prefix
            ? Value.From(address.IsIn(prefix.Address, prefix.Length))
            : run.Fail();
    }

    private static (IPAddressValue Address, int Length)? Parse(Value prefix) =>
        prefix.Text.Contains('/') && IPAddressValue.TryParsePrefix(prefix.Text, out var address, out var length)
            ? (address, length)
            : null;
}
