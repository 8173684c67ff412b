using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("(s) {\n whoami\n errors\n}\n. {\n import s\n}", "whoami; errors")]
    [InlineData("(s) { whoami }\n. {\n log\n import s\n errors\n}", "log; whoami; errors")]
    [InlineData("(s)\n{\n whoami\n}\n.\n import s\n", "whoami")]
    [InlineData("(s) {\n}\n. {\n import s\n}", "")]
    [InlineData("(s) {\n whoami\n}\n. {\n import s\n import s\n}", "whoami; whoami")]
    [InlineData("(s) {\n whoami\n}\n. { import s }", "whoami")]
    [InlineData("(s) {\n whoami\n}\n(t) {\n log\n import s\n errors\n}\n. {\n import t\n}", "log; whoami; errors")]
    [InlineData("(s) {\n class error\n ttl 3 {\n }\n}\n. {\n log {\n  import s\n }\n}", "log(class error; ttl 3())")]
    [InlineData("(s) {\n . {\n  whoami\n }\n}\nimport s\n", "whoami")]
    [InlineData("(s) {\n b.test\n}\na.test,\nimport s\n{\n whoami\n}", "whoami")]
    [InlineData("(s.conf) {\n whoami\n}\n. {\n import \"s.conf\"\n}", "whoami")]
    [InlineData("(s) {\n log {$X}\n}\n. {\n import {%NAME%}\n}", "log value")]
    public void Read_puts_the_snippet_in_the_place_of_the_import(string text, string expected) =>
        Assert.Equal(expected, Directives(text, ("X", "value"), ("NAME", "s")));

    [Fact]
    public void Read_says_where_imported_directives_stand()
    {
        _files.Write("sub/part.conf", "\nwhoami\nlog {\n class all\n}\n");
        ServerBlock block = ReadFile("(s) {\n errors\n}\n. {\n import sub/part.conf\n import s\n}").Blocks[0];

        Assert.Equal(
            [$"{_files.Path("sub/part.conf")}:2", $"{_files.Path("sub/part.conf")}:3", $"{_files.Path("Corefile")}:2"],
            block.Directives.Select(directive => $"{directive.File}:{directive.Line}"));
    }

    [Fact]
    public void Read_looks_files_up_relative_to_the_importing_file()
    {
        _files.Write("sub/a.conf", "whoami\nimport b.conf\nimport ../c.conf\n");
        _files.Write("sub/b.conf", "errors");
        _files.Write("c.conf", "\uFEFFlog\r\n");
        string absolute = _files.Write("other/d.conf", "any");

        CorefileDocument document = ReadFile($". {{\n import sub/a.conf\n import {absolute}\n}}");

        Assert.Equal("whoami; errors; log; any", Format(document.Blocks[0].Directives));
    }

    [Fact]
    public void Read_looks_a_snippets_files_up_relative_to_the_file_that_defines_it()
    {
        _files.Write("sub/snippets.conf", "(s) {\n import x.conf\n}\n");
        _files.Write("sub/x.conf", "whoami");

        Assert.Equal("whoami", Format(ReadFile("import sub/snippets.conf\n. {\n import s\n}").Blocks[0].Directives));
    }

    [Fact]
    public void Read_prefers_a_snippet_to_a_file_of_its_name()
    {
        _files.Write("s", "errors");

        Assert.Equal("errors; whoami", Format(ReadFile(". {\n import s\n}\n(s) {\n whoami\n}\n. {\n import s\n}").Blocks
            .SelectMany(block => block.Directives)));
    }

    [Fact]
    public void Read_takes_whole_blocks_from_the_files_of_a_pattern_in_the_order_of_their_names()
    {
        _files.Write("zones/b.server", "b.test {\n whoami\n}");
        _files.Write("zones/a.server", "a.test {\n}");
        _files.Write("zones/B.server", "c.test {\n}");
        _files.Write("zones/d.other", "d.test {\n}");
        Directory.CreateDirectory(_files.Path("zones/e.server"));

        CorefileDocument document = ReadFile(". {\n}\nimport zones/*.server\nlast.test {\n}");

        Assert.Empty(document.Warnings);
        Assert.Equal(
            [".", "c.test.", "a.test.", "b.test.", "last.test."],
            document.Blocks.Select(block => block.Keys[0].Zone.ToString()));
    }

    [Theory]
    [InlineData("*.conf", "a b ab")]
    [InlineData("?.conf", "a b")]
    [InlineData("a*", "a ab")]
    [InlineData("a?.*", "ab")]
    [InlineData("*/x.conf", "in-sub")]
    [InlineData("sub/*", "in-sub")]
    [InlineData("./sub/../*.conf", "a b ab")]
    [InlineData("..data/*", "")]
    [InlineData(".*", "hidden")]
    [InlineData("A.*", "")]
    public void Read_imports_the_files_that_match(string pattern, string expected)
    {
        _files.Write("a.conf", "a");
        _files.Write("b.conf", "b");
        _files.Write("ab.conf", "ab");
        _files.Write(".hidden", "hidden");
        _files.Write("sub/x.conf", "in-sub");

        ServerBlock block = Assert.Single(ReadFile($". {{\n import {pattern}\n}}").Blocks);

        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            block.Directives.Select(directive => directive.Name).Order());
    }

    [Theory]
    [InlineData("nothing/*.conf")]
    [InlineData("*.nothing")]
    [InlineData("?")]
    public void Read_warns_when_a_pattern_matches_no_file(string pattern)
    {
        CorefileDocument document = ReadFile($". {{\n import {pattern}\n whoami\n}}");

        Assert.Equal("whoami", Format(document.Blocks[0].Directives));
        Assert.Equal(
            $"{_files.Path("Corefile")}:2: No files matching import glob pattern: '{pattern}'",
            Assert.Single(document.Warnings));
    }

    [Theory]
    [InlineData("missing.conf", "a snippet defined above or a file to import")]
    [InlineData("missing/x.conf", "a snippet defined above or a file to import")]
    [InlineData("(nothing)", "a snippet defined above or a file to import")]
    [InlineData("*/*.conf", "an import pattern with at most one '*' and one '?' and without '[' and ']'")]
    [InlineData("??", "an import pattern with at most one '*' and one '?' and without '[' and ']'")]
    [InlineData("[ab].conf", "an import pattern with at most one '*' and one '?' and without '[' and ']'")]
    [InlineData("a\0b", "a file name")]
    [InlineData("Corefile", "something else than what it stands in: it would import itself for ever")]
    [InlineData("./x/../Corefile", "something else than what it stands in: it would import itself for ever")]
    [InlineData("C*", "something else than what it stands in: it would import itself for ever")]
    public void Read_refuses_an_import(string what, string expected)
    {
        CorefileException error = Assert.Throws<CorefileException>(() => ReadFile($". {{\n import {what}\n}}"));

        Assert.Equal(_files.Path("Corefile"), error.File);
        Assert.Equal(2, error.Line);
        Assert.Equal(CorefileException.Quote(what), error.Found);
        Assert.Equal(expected, error.Expected);
    }

    [Fact]
    public void Read_refuses_to_import_a_directory()
    {
        Directory.CreateDirectory(_files.Path("sub"));

        CorefileException error = Assert.Throws<CorefileException>(() => ReadFile(". {\n import sub\n}"));

        Assert.Equal(
            $"{_files.Path("Corefile")}:2: found a directory '{_files.Path("sub")}', expected a file that can be read",
            error.Message);
    }

    [Theory]
    [InlineData("(a) {\n import a\n}\n. {\n import a\n}", 2, "'a'")]
    [InlineData("(a) {\n import b\n}\n(b) {\n log\n import a\n}\n. {\n import a\n}", 6, "'a'")]
    public void Read_refuses_snippets_that_import_themselves(string text, int line, string found)
    {
        CorefileException error = ReadError(text);

        Assert.Equal(line, error.Line);
        Assert.Equal(found, error.Found);
        Assert.Equal("something else than what it stands in: it would import itself for ever", error.Expected);
    }

    [Fact]
    public void Read_refuses_files_that_import_each_other()
    {
        _files.Write("a.conf", "import b.conf");
        _files.Write("b.conf", "\nimport a*.conf");

        CorefileException error = Assert.Throws<CorefileException>(() => ReadFile("import a.conf"));

        Assert.Equal($"{_files.Path("b.conf")}:2", $"{error.File}:{error.Line}");
    }

    [Fact]
    public void Read_accepts_a_file_that_is_imported_beside_and_inside_another()
    {
        _files.Write("a.conf", "import b.conf");
        _files.Write("b.conf", "whoami");

        Assert.Equal("whoami; whoami", Format(ReadFile(". {\n import ?.conf\n}").Blocks[0].Directives));
    }

    [Theory]
    [InlineData("", "at most 10000 imports of it")]
    [InlineData("log", "at most 10000 imports of it")]
    public void Read_stops_soon_when_snippets_double_each_other(string innermost, string expected)
    {
        string text = $"(s0) {{\n {innermost}\n}}\n"
            + string.Concat(Enumerable.Range(1, 40).Select(i => $"(s{i}) {{\n import s{i - 1}\n import s{i - 1}\n}}\n"))
            + ".\nimport s40\n";

        Assert.Equal(expected, ReadError(text).Expected);
    }

    [Fact]
    public void Read_stops_soon_when_a_long_snippet_is_imported_often()
    {
        string text = "(s) {\n" + string.Concat(Enumerable.Repeat("log\n", 10_000)) + "}\n.\n"
            + string.Concat(Enumerable.Repeat("import s\n", 1000));

        Assert.Equal("at most 1000000", ReadError(text).Expected);
    }

    [Fact]
    public void Read_refuses_imports_nested_beyond_the_ceiling()
    {
        string text = "(s0) {\n}\n"
            + string.Concat(Enumerable.Range(1, 200).Select(i => $"(s{i}) {{\n import s{i - 1}\n}}\n"));

        Assert.Empty(Directives($"{text}.\nimport s99\n"));
        Assert.Equal("at most 100 imports inside each other", ReadError($"{text}.\nimport s101\n").Expected);
    }

    [Fact]
    public void Read_refuses_more_imports_than_the_ceiling()
    {
        string text = string.Concat(Enumerable.Range(0, 11).Select(i => $"(s{i}) {{\n}}\n")) + ".\n"
            + string.Concat(Enumerable.Range(0, 100_001).Select(i => $"import s{i % 11}\n"));

        Assert.Equal("at most 100000 imports in one Corefile", ReadError(text).Expected);
    }

    private CorefileDocument ReadFile(string text) =>
        CorefileReader.ReadFile(_files.Write("Corefile", text), static _ => null);
}
