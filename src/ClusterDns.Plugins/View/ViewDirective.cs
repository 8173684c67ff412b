using ClusterDns.Core.Corefile;
using ClusterDns.Core.Expressions;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.View;

/// <summary>Has its server block chosen only for queries of which all its expressions are true.</summary>
internal static class ViewDirective
{
    public static string Name => "view";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var directive = directives.ExpectOnce();
        block.View = directive.ExpectArgument().Text;
        var expressions = new List<Expression>();
        foreach (var property in directive.Properties)
        {
            if (property.Name != "expr")
            {
                throw property.UnknownProperty("expr");
            }

            expressions.Add(Parse(property));
        }

        var all = expressions.ToArray();
        block.AddFilter(query => Accepts(all, query));

        // A step in name: what matters happens before the chain runs.
        return static next => next;
    }

    private static bool Accepts(Expression[] expressions, QueryContext query)
    {
        foreach (var expression in expressions)
        {
            if (!expression.IsTrue(query))
            {
                return false;
            }
        }

        return true;
    }

    private static Expression Parse(Directive property)
    {
        var text = string.Join(' ', property.Arguments.Select(static word => word.Text));
        try
        {
            return Expression.Parse(text);
        }
        catch (ExpressionException exception)
        {
            throw property.Error($"{CorefileException.Quote(text)} is no expression: {exception.Message}");
        }
    }
}
