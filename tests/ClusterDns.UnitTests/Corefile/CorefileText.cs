using System.Text;
using ClusterDns.Core.Corefile;
using Xunit;

namespace ClusterDns.UnitTests.Corefile;

/// <summary>Reads Corefiles for tests and writes them back in one canonical line per thing.</summary>
internal static class CorefileText
{
    public static CorefileDocument Read(string text, params (string Name, string? Value)[] environment) =>
        CorefileReader.ReadText(text, "Corefile", name => environment.FirstOrDefault(pair => pair.Name == name).Value);

    public static CorefileException ReadError(string text, params (string Name, string? Value)[] environment) =>
        Assert.Throws<CorefileException>(() => Read(text, environment));

    /// <summary>The directives of the only block, one after the other: <c>errors; health(lameduck 5s)</c>.</summary>
    public static string Directives(string text, params (string Name, string? Value)[] environment) =>
        Format(Assert.Single(Read(text, environment).Blocks).Directives);

    public static string Keys(string text, params (string Name, string? Value)[] environment) =>
        string.Join(' ', Assert.Single(Read(text, environment).Blocks).Keys);

    /// <summary>The first directive of <c>example.org 10.0.0.0/8 { TEXT }</c>, which stands on line 2.</summary>
    public static Directive FirstDirective(string text) =>
        Read($"example.org 10.0.0.0/8 {{\n{text}\n}}").Blocks[0].Directives[0];

    public static string Format(IEnumerable<Directive> directives)
    {
        StringBuilder text = new();
        foreach (Directive directive in directives)
        {
            text.Append(text.Length == 0 ? "" : "; ").Append(directive.Name);
            foreach (Token argument in directive.Arguments)
            {
                text.Append(' ').Append(argument.IsQuoted ? $"\"{argument.Text}\"" : argument.Text);
            }

            if (directive.Block is { } block)
            {
                text.Append('(').Append(Format(block)).Append(')');
            }
        }

        return text.ToString();
    }
}
