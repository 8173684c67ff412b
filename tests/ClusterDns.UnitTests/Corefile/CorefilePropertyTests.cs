using System.Buffers;
using ClusterDns.Core.Corefile;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Corefile;

public sealed class CorefilePropertyTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "{ ", " }", "{\n", "\n}\n", "\n", " ", "\t", "\r\n", ",", "\"", "\\", "\\\"", "#", "# x\n", "import ", "import a\n",
        "import b\n", "import *\n", "import .\n", "(a) {\n", "(b) {\n", "(a)", "()", ".", "..", ":53", ":x", ":", "tls://", "x://",
        "10.0.0.0/9", "10.0.0.0/99", "2001:db8::/33", "::", "/", "example.org", "log", "a", "b", "{$A}", "{%A%}", "{$", "%}",
        "\uFEFF", "\0", "\u2028", "\ud800", "é",
    ];

    private static readonly SearchValues<char> NotInMessages = SearchValues.Create("\n\r\0\u0085\u2028\u2029");

    [Fact]
    public void Read_ends_with_a_document_or_a_CorefileException_for_any_sequence_of_pieces() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 40].Sample(
            static choice => ReadsOrRefuses(string.Concat(choice.Select(static i => Pieces[i]))), iter: 30_000);

    [Fact]
    public void Read_ends_with_a_document_or_a_CorefileException_for_any_text() =>
        Gen.String[0, 200].Sample(ReadsOrRefuses, iter: 10_000);

    // What was read, written one word a time between quotes, reads as the same again.
    [Fact]
    public void Read_gives_back_what_was_written()
    {
        Gen<string> word = Gen.Char["ab{}#\" ,\né"].Array[1, 6].Select(static c => new string(c));
        Gen.Select(word, word.Array[0, 3]).Array[0, 5].Sample(static lines =>
        {
            string text = ".\n" + string.Concat(lines.Select(static line =>
                string.Join(' ', line.Item2.Prepend(line.Item1).Select(Quoted)) + "\n"));
            IReadOnlyList<Directive> read = CorefileText.Read(text).Blocks[0].Directives;

            return read.Count == lines.Length && read.Zip(lines).All(static pair =>
                pair.First.Name == pair.Second.Item1
                && pair.First.Arguments.Select(static argument => argument.Text).SequenceEqual(pair.Second.Item2));
        });
    }

    [Fact]
    public void TryParse_reads_back_every_duration_that_Format_writes() =>
        Gen.Long[-90_000_000_000_000_000, 90_000_000_000_000_000].Sample(static ticks =>
            GoDuration.TryParse(GoDuration.Format(new TimeSpan(ticks)), out TimeSpan value) && value.Ticks == ticks);

    [Fact]
    public void TryParse_never_throws_whatever_the_duration() =>
        Gen.Char["0123456789.-+nuµmsh x"].Array[0, 40].Sample(static c =>
        {
            string text = new(c);
            return GoDuration.TryParse(text, out TimeSpan value) || value == TimeSpan.Zero;
        });

    private static bool ReadsOrRefuses(string text)
    {
        try
        {
            CorefileDocument document = CorefileReader.ReadText(text, "/nonexistent/Corefile", Variable);
            return document.Blocks.All(static block => block.Keys.Count > 0) && document.ComputeHash().Length == 64;
        }
        catch (CorefileException e)
        {
            return e.Line > 0 && !e.Message.AsSpan().ContainsAny(NotInMessages);
        }
    }

    private static string? Variable(string name) => name == "A" ? "{$A} a.test,\n{" : null;

    private static string Quoted(string word) => $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
