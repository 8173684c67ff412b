using System.Globalization;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Corefile;

/// <summary>One line of a block: a name, its arguments, and perhaps a block of further lines below it.</summary>
/// <remarks>The lines inside a block (a plugin's properties) have the same shape, so they are directives too.</remarks>
public sealed class Directive
{
    public required string Name { get; init; }

    public required IReadOnlyList<Token> Arguments { get; init; }

    /// <summary>Null without braces; empty for <c>{ }</c>.</summary>
    public required IReadOnlyList<Directive>? Block { get; init; }

    public required string File { get; init; }

    public required int Line { get; init; }

    /// <summary>The directive of the server block that this line belongs to, its own name at the top.</summary>
    public required string Plugin { get; init; }

    /// <summary>The zones of the server block around it, which are the default where a directive names none.</summary>
    public required IReadOnlyList<DnsName> ServerZones { get; init; }

    /// <summary>The lines of the block; none without one.</summary>
    public IReadOnlyList<Directive> Properties => Block ?? [];

    public void ExpectNoArguments() => ExpectArguments(0, 0);

    /// <summary>The single argument that must be there.</summary>
    public Token ExpectArgument()
    {
        ExpectArguments(1, 1);
        return Arguments[0];
    }

    /// <summary>Both bounds are allowed counts.</summary>
    public void ExpectArguments(int min, int max = int.MaxValue)
    {
        if (Arguments.Count > max)
        {
            throw Arguments[max].Unexpected($"the end of the line after {CorefileException.Quote(LastWord(max))}");
        }

        if (Arguments.Count < min)
        {
            string count = min == max ? "" : "at least ";
            throw new CorefileException(
                File,
                Line,
                $"the end of the line after {CorefileException.Quote(LastWord(Arguments.Count))}",
                string.Create(CultureInfo.InvariantCulture, $"{count}{min} argument{(min == 1 ? "" : "s")}"));
        }
    }

    public void ExpectNoBlock()
    {
        if (Block is not null)
        {
            throw new CorefileException(
                File, Line, $"a block after {CorefileException.Quote(Name)}", "the end of the line");
        }
    }

    /// <summary>The zones among the arguments from <paramref name="first"/> on, or those of the server block.</summary>
    public IReadOnlyList<DnsName> ParseZones(int first = 0) => ParseZones(first, ServerZones);

    /// <summary>As <see cref="ParseZones(int)"/> with another default.</summary>
    /// <remarks>An empty argument, which an environment variable that is not set leaves behind, is no zone.</remarks>
    public IReadOnlyList<DnsName> ParseZones(int first, IReadOnlyList<DnsName> whenNone)
    {
        List<DnsName> zones = [];
        foreach (Token argument in Arguments.Skip(first).Where(static argument => argument.Text.Length > 0))
        {
            zones.AddRange(argument.ParseZones());
        }

        return zones.Count > 0 ? zones : whenNone;
    }

    /// <summary>For a line whose name the plugin does not know; <paramref name="known"/> are those it does.</summary>
    public CorefileException UnknownProperty(params ReadOnlySpan<string> known) =>
        new(File, Line, $"unknown property {CorefileException.Quote(Name)} of {Plugin}", OneOf(known));

    /// <summary>An error at this line in the plugin's own words.</summary>
    public CorefileException Error(string text) => new(File, Line, $"plugin/{Plugin}: {text}");

    public override string ToString() => string.Join(' ', Arguments.Select(static word => word.Text).Prepend(Name));

    private string LastWord(int arguments) => arguments == 0 ? Name : Arguments[arguments - 1].Text;

    private static string OneOf(ReadOnlySpan<string> known) => known switch
    {
        [] => "'}'",
        [string only] => only,
        _ => $"one of {string.Join(", ", known)}",
    };
}
