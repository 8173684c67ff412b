using ClusterDns.Core.Expressions.Functions;
using ClusterDns.Core.Expressions.Nodes;

namespace ClusterDns.Core.Expressions;

/// <summary>Reads an expression by the precedence of its operators; <see cref="ExpressionChecker"/> makes the nodes.</summary>
internal sealed class ExpressionParser
{
    // An expression in an expression in an expression: how far.
    private const int MaxDepth = 100;
    private const int NotPrecedence = 50;
    private const int SignPrecedence = 90;
    private const int ComparisonPrecedence = 20;

    private readonly List<ExpressionToken> _tokens;
    private int _next;
    private int _depth;
    private int _predicates;

    private ExpressionParser(string text) => _tokens = ExpressionLexer.Read(text);

    private ExpressionToken Current => _tokens[_next];

    /// <exception cref="ExpressionException">The operator's mistake.</exception>
    public static ExpressionNode Parse(string text)
    {
        var parser = new ExpressionParser(text);
        var root = parser.ParseExpression();
        return parser.Current.Kind is ExpressionTokenKind.End ? root : throw parser.Unexpected();
    }

    // A whole expression: a condition with its two branches binds least.
    private ExpressionNode ParseExpression()
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionException("too deeply nested", Current.Position);
        }

        var node = ParseBinary(0);
        while (Current.Is("?"))
        {
            var position = Take().Position;
            var whenTrue = Current.Is(":") ? node : ParseExpression();
            Expect(":");
            node = ExpressionChecker.Conditional(node, whenTrue, ParseExpression(), position);
        }

        _depth--;
        return node;
    }

    private ExpressionNode ParseBinary(int minimum)
    {
        var left = ParseUnary();
        while (true)
        {
            var symbol = Current;
            var isNegated = symbol.Is("not") && IsNegatable(_tokens[Math.Min(_next + 1, _tokens.Count - 1)]);
            var operation = isNegated ? _tokens[_next + 1] : symbol;
            if (Precedence(operation) is not { } precedence || precedence < minimum)
            {
                return left;
            }

            _next += isNegated ? 2 : 1;
            if (operation.Is("|"))
            {
                left = ParsePipe(left);
                continue;
            }

            // All but the power group from the left.
            var right = ParseBinary(operation.Is("**") || operation.Is("^") ? precedence : precedence + 1);
            var node = ExpressionChecker.Binary(operation, left, right);
            if (IsOrder(operation) && IsOrder(Current))
            {
                node = ParseChain(node, right);
            }

            left = isNegated ? new UnaryNode(node, negates: false) : node;
        }
    }

    // 1 < x < 5 is 1 < x and x < 5.
    private ExpressionNode ParseChain(ExpressionNode first, ExpressionNode middle)
    {
        while (IsOrder(Current))
        {
            var operation = Take();
            var right = ParseBinary(ComparisonPrecedence + 1);
            first = new LogicNode(first, ExpressionChecker.Binary(operation, middle, right), isAnd: true);
            middle = right;
        }

        return first;
    }

    private ExpressionNode ParseUnary()
    {
        var symbol = Current;
        if (symbol.Is("not") || symbol.Is("!"))
        {
            Take();
            return ExpressionChecker.Not(ParseNested(NotPrecedence), symbol.Position);
        }

        if (symbol.Is("-") || symbol.Is("+"))
        {
            Take();
            return ExpressionChecker.Signed(ParseNested(SignPrecedence), symbol);
        }

        return ParsePostfix(ParsePrimary());
    }

    private ExpressionNode ParseNested(int precedence)
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionException("too deeply nested", Current.Position);
        }

        var node = ParseBinary(precedence);
        _depth--;
        return node;
    }

    private ExpressionNode ParsePrimary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case ExpressionTokenKind.Text:
                return new ConstantNode(new StoredValue(token.Text));
            case ExpressionTokenKind.Integer:
                return new ConstantNode(new StoredValue(ValueKinds.Int, ExpressionNumbers.ParseInteger(token)));
            case ExpressionTokenKind.Float:
                return new ConstantNode(new StoredValue(
                    ValueKinds.Float, BitConverter.DoubleToInt64Bits(ExpressionNumbers.ParseFloat(token))));
            case ExpressionTokenKind.Name:
                return ParseName(token);
        }

        switch (token.Text)
        {
            case "(":
                var inner = ParseExpression();
                Expect(")");
                return inner;
            case "[":
                return new ArrayNode(ParseList("]"));
            case "#" or "#index" when _predicates > 0:
                return new ElementNode(token.Is("#index"));
            default:
                _next--;
                throw Unexpected();
        }
    }

    private ExpressionNode ParseName(ExpressionToken name)
    {
        switch (name.Text)
        {
            case "true" or "false":
                return new ConstantNode(new StoredValue(ValueKinds.Bool, name.Text == "true" ? 1 : 0));
            case "nil":
                return new ConstantNode(new StoredValue(ValueKinds.Nil, 0));
            default:
                if (Current.Is("("))
                {
                    Take();
                    return ParseCall(name, null);
                }

                throw new ExpressionException(
                    ExpressionFunction.All.ContainsKey(name.Text) ? $"'{name.Text}' is a function: write {name.Text}()" : $"unknown name {name.Text}",
                    name.Position);
        }
    }

    // The value in front of | is the first argument.
    private ExpressionNode ParsePipe(ExpressionNode left)
    {
        var name = Take();
        if (name.Kind is not ExpressionTokenKind.Name)
        {
            _next--;
            throw Unexpected();
        }

        Expect("(");
        return ParsePostfix(ParseCall(name, left));
    }

    // Behind the opening parenthesis.
    private ExpressionNode ParseCall(ExpressionToken name, ExpressionNode? first)
    {
        if (PredicateNode.IsFunction(name.Text))
        {
            return ParsePredicate(name, first);
        }

        var arguments = ParseList(")");
        return ExpressionChecker.Call(name, first is null ? arguments : [first, .. arguments]);
    }

    private PredicateNode ParsePredicate(ExpressionToken name, ExpressionNode? first)
    {
        var array = first;
        if (array is null)
        {
            array = ParseExpression();
            Expect(",");
        }

        var isBraced = Current.Is("{");
        _next += isBraced ? 1 : 0;
        _predicates++;
        var body = ParseExpression();
        _predicates--;
        if (isBraced)
        {
            Expect("}");
        }

        Expect(")");
        return ExpressionChecker.Predicate(name, array, body);
    }

    private ExpressionNode ParsePostfix(ExpressionNode node)
    {
        while (Current.Is("["))
        {
            var position = Take().Position;
            var from = Current.Is(":") ? null : ParseExpression();
            if (Current.Is(":"))
            {
                Take();
                var to = Current.Is("]") ? null : ParseExpression();
                node = ExpressionChecker.Slice(node, from, to, position);
            }
            else
            {
                // Not null: there was no colon.
                node = ExpressionChecker.Index(node, from!, position);
            }

            Expect("]");
        }

        return node;
    }

    private ExpressionNode[] ParseList(string end)
    {
        var items = new List<ExpressionNode>();
        while (!Current.Is(end))
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            // A comma may end an array.
            if (!Current.Is(end))
            {
                items.Add(ParseExpression());
            }
        }

        Take();
        return [.. items];
    }

    private ExpressionToken Take() => Current.Kind is ExpressionTokenKind.End ? throw Unexpected() : _tokens[_next++];

    private void Expect(string text)
    {
        if (!Current.Is(text))
        {
            throw new ExpressionException($"found {Current}, expected '{text}'", Current.Position);
        }

        _next++;
    }

    private ExpressionException Unexpected() => new($"unexpected {Current}", Current.Position);

    private static bool IsNegatable(ExpressionToken token) =>
        token.Is("in") || token.Is("matches") || token.Is("contains") || token.Is("startsWith") || token.Is("endsWith");

    private static bool IsOrder(ExpressionToken token) => token.Is("<") || token.Is("<=") || token.Is(">") || token.Is(">=");

    private static int? Precedence(ExpressionToken token) => token.Kind is not (ExpressionTokenKind.Operator or ExpressionTokenKind.Name)
        ? null
        : token.Text switch
        {
            "|" => 0,
            "or" or "||" => 10,
            "and" or "&&" => 15,
            "==" or "!=" or "<" or ">" or "<=" or ">=" => ComparisonPrecedence,
            "in" or "matches" or "contains" or "startsWith" or "endsWith" => ComparisonPrecedence,
            ".." => 25,
            "+" or "-" => 30,
            "*" or "/" or "%" => 60,
            "**" or "^" => 100,
            "??" => 500,
            _ => null,
        };
}
