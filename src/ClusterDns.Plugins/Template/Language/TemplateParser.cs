namespace ClusterDns.Plugins.Template.Language;

/// <summary>Compiles a template in the language of Go's <c>text/template</c>; templates that call one another are not part of it.</summary>
internal sealed class TemplateParser
{
    private const int MaxDepth = 100;

    private readonly IReadOnlyList<TemplateToken> _tokens;
    private readonly List<string> _variables = ["$"];
    private int _position;
    private int _depth;
    private int _loops;

    private TemplateParser(string text) => _tokens = new TemplateLexer(text).Read();

    /// <exception cref="TemplateSyntaxException">The operator's mistake.</exception>
    public static SequenceNode Parse(string text)
    {
        var parser = new TemplateParser(text);
        var (body, end) = parser.ParseList();
        return end.Length == 0 ? body : throw new TemplateSyntaxException($"unexpected {{{{{end}}}}}");
    }

    // Up to the "end" or "else" that closes it, which is returned and consumed; "" at the end of the text.
    private (SequenceNode Body, string End) ParseList()
    {
        if (++_depth > MaxDepth)
        {
            throw new TemplateSyntaxException("it is nested too deeply");
        }

        var scope = _variables.Count;
        var parts = new List<TemplateNode>();
        var end = "";
        while (_position < _tokens.Count && end.Length == 0)
        {
            var token = _tokens[_position++];
            if (token.Kind is TemplateTokenKind.Text)
            {
                parts.Add(new TextNode(token.Text));
            }
            else if (PeekWord() is "end" or "else")
            {
                end = Next().Text;
            }
            else
            {
                parts.Add(ParseAction());
            }
        }

        if (end == "end")
        {
            Expect(TemplateTokenKind.Close, "end");
        }

        _variables.RemoveRange(scope, _variables.Count - scope);
        _depth--;
        return (new SequenceNode([.. parts]), end);
    }

    private TemplateNode ParseAction()
    {
        switch (PeekWord())
        {
            case "if":
                _position++;
                return ParseIf(setsDot: false);
            case "with":
                _position++;
                return ParseIf(setsDot: true);
            case "range":
                _position++;
                return ParseRange();
            case "break" or "continue":
                var word = Next().Text;
                Expect(TemplateTokenKind.Close, word);
                return _loops > 0
                    ? new JumpNode(word == "break" ? TemplateFlow.Break : TemplateFlow.Continue)
                    : throw new TemplateSyntaxException($"{{{{{word}}}}} outside {{{{range}}}}");
            case "define" or "template" or "block":
                throw new TemplateSyntaxException($"{{{{{PeekWord()}}}}} is not supported");
            default:
                var pipeline = ParsePipeline(mostVariables: 1);
                Expect(TemplateTokenKind.Close, "command");
                return new ActionNode(pipeline);
        }
    }

    private IfNode ParseIf(bool setsDot)
    {
        var scope = _variables.Count;
        var condition = ParsePipeline(mostVariables: 1);
        Expect(TemplateTokenKind.Close, setsDot ? "with" : "if");
        var (whenTrue, end) = ParseList();
        var whenFalse = ParseElse(end, mayBeIf: true);
        _variables.RemoveRange(scope, _variables.Count - scope);
        return new IfNode(condition, setsDot, whenTrue, whenFalse);
    }

    private RangeNode ParseRange()
    {
        var scope = _variables.Count;
        var source = ParsePipeline(mostVariables: 2);
        Expect(TemplateTokenKind.Close, "range");
        _loops++;
        var (body, end) = ParseList();
        _loops--;
        var whenEmpty = ParseElse(end, mayBeIf: false);
        _variables.RemoveRange(scope, _variables.Count - scope);
        return new RangeNode(source, body, whenEmpty);
    }

    private SequenceNode ParseElse(string end, bool mayBeIf)
    {
        if (end == "end")
        {
            return new SequenceNode([]);
        }

        if (end.Length == 0)
        {
            throw new TemplateSyntaxException("unexpected EOF");
        }

        if (mayBeIf && PeekWord() is "if" or "with")
        {
            // One "end" closes the whole chain.
            return new SequenceNode([ParseIf(setsDot: Next().Text == "with")]);
        }

        Expect(TemplateTokenKind.Close, "else");
        var (body, last) = ParseList();
        return last == "end" ? body : throw new TemplateSyntaxException(last.Length == 0 ? "unexpected EOF" : "unexpected {{else}}");
    }

    private PipelineExpression ParsePipeline(int mostVariables)
    {
        var (variables, declares) = ParseVariables(mostVariables);
        var commands = new List<CommandExpression> { ParseCommand() };
        while (Peek().Kind is TemplateTokenKind.Pipe)
        {
            _position++;
            commands.Add(ParseCommand());
        }

        if (declares)
        {
            _variables.AddRange(variables);
        }

        return new PipelineExpression([.. variables], declares, [.. commands]);
    }

    // "$x := …", "$x = …", "$i, $x := …"; anything else starts with an operand.
    private (List<string> Variables, bool Declares) ParseVariables(int most)
    {
        var start = _position;
        var variables = new List<string>();
        while (Peek().Kind is TemplateTokenKind.Variable && variables.Count < most)
        {
            variables.Add(Next().Text);
            var sign = Peek().Kind;
            if (sign is TemplateTokenKind.Declare or TemplateTokenKind.Assign)
            {
                _position++;
                var declares = sign is TemplateTokenKind.Declare;
                return declares || variables.TrueForAll(_variables.Contains)
                    ? (variables, declares)
                    : throw new TemplateSyntaxException($"undefined variable \"{variables[0]}\"");
            }

            if (sign is not TemplateTokenKind.Comma)
            {
                break;
            }

            _position++;
        }

        _position = start;
        return ([], false);
    }

    private CommandExpression ParseCommand()
    {
        var operands = new List<TemplateExpression>();
        while (Peek().Kind is not (TemplateTokenKind.Pipe or TemplateTokenKind.Close or TemplateTokenKind.RightParenthesis))
        {
            operands.Add(ParseOperand());
        }

        return operands switch
        {
            [] => throw new TemplateSyntaxException("missing value for command"),
            [LiteralExpression { IsNil: true }, ..] => throw new TemplateSyntaxException("nil is not a command"),
            [LiteralExpression, _, ..] => throw new TemplateSyntaxException("can't give argument to non-function"),
            _ => new CommandExpression(operands[0], [.. operands[1..]]),
        };
    }

    private TemplateExpression ParseOperand()
    {
        var token = Next();
        TemplateExpression operand = token.Kind switch
        {
            TemplateTokenKind.Field => new FieldExpression(new DotExpression(), token.Text),
            TemplateTokenKind.Dot => new DotExpression(),
            TemplateTokenKind.Variable => _variables.Contains(token.Text)
                ? new VariableExpression(token.Text)
                : throw new TemplateSyntaxException($"undefined variable \"{token.Text}\""),
            TemplateTokenKind.Quoted or TemplateTokenKind.Number => new LiteralExpression(TemplateLiterals.Parse(token)),
            TemplateTokenKind.Word => ParseWord(token.Text),
            TemplateTokenKind.LeftParenthesis => ParseParentheses(),
            _ => throw new TemplateSyntaxException($"unexpected \"{token.Text}\" in operand"),
        };

        // What follows without a space is a field of it.
        while (Peek() is { Kind: TemplateTokenKind.Field, IsSpaced: false } field)
        {
            _position++;
            operand = new FieldExpression(operand, field.Text);
        }

        return operand;
    }

    private static TemplateExpression ParseWord(string word) => word switch
    {
        "true" => new LiteralExpression(true),
        "false" => new LiteralExpression(false),
        "nil" => new LiteralExpression(null),
        "and" => new ShortCircuitExpression(stopsAt: false),
        "or" => new ShortCircuitExpression(stopsAt: true),
        _ => TemplateFunctions.All.TryGetValue(word, out var function)
            ? new FunctionExpression(word, function)
            : throw new TemplateSyntaxException($"function \"{word}\" not defined"),
    };

    private PipelineExpression ParseParentheses()
    {
        if (++_depth > MaxDepth)
        {
            throw new TemplateSyntaxException("it is nested too deeply");
        }

        var pipeline = ParsePipeline(mostVariables: 0);
        Expect(TemplateTokenKind.RightParenthesis, "parenthesized pipeline");
        _depth--;
        return pipeline;
    }

    // The lexer closes every action, so there is always a token left inside one.
    private TemplateToken Peek() => _tokens[_position];

    private string PeekWord() => Peek() is { Kind: TemplateTokenKind.Word, Text: var word } ? word : "";

    private TemplateToken Next() => _tokens[_position++];

    private void Expect(TemplateTokenKind kind, string context)
    {
        var token = Next();
        if (token.Kind != kind)
        {
            throw new TemplateSyntaxException($"unexpected \"{token.Text}\" in {context}");
        }
    }
}
