using ClusterDns.Core.Corefile;
using Xunit;
using static ClusterDns.UnitTests.Corefile.CorefileText;

namespace ClusterDns.UnitTests.Corefile;

public sealed class CorefileReaderTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void ReadFile_reads_the_file_and_asks_for_variables()
    {
        string path = _files.Write("Corefile", ".:{$PORT} {\n whoami\n}");

        CorefileDocument document = CorefileReader.ReadFile(path, name => name == "PORT" ? "1053" : null);

        Assert.Equal("dns://.:1053", document.Blocks[0].Keys[0].ToString());
        Assert.Equal(path, document.Blocks[0].File);
    }

    [Fact]
    public void ReadFile_refuses_what_cannot_be_read()
    {
        string missing = _files.Path("missing");

        Assert.Equal($"{missing}: found no file '{missing}', expected a file", ReadFileError(missing).Message);
        Assert.Equal(
            "a\0b: found an unreadable file 'a\\u0000b', expected a file that can be read",
            ReadFileError("a\0b").Message);
        Assert.Equal(
            $"{_files.Root}: found a directory '{_files.Root}', expected a file that can be read",
            ReadFileError(_files.Root).Message);
    }

    [Fact]
    public void ReadFile_refuses_a_file_without_end() =>
        Assert.Equal("at most 16777216 characters", ReadFileError("/dev/zero").Expected);

    [Fact]
    public void ReadText_uses_the_name_it_is_given_in_messages() => Assert.Equal(
        "stdin:1: found 'a..b', expected a zone: it has an empty label",
        Assert.Throws<CorefileException>(() => CorefileReader.ReadText("a..b", "stdin", static _ => null)).Message);

    [Theory]
    [InlineData(". {\n log a\n}\n", ". { # comment\n log a # comment\n}\n# comment\n", true)]
    [InlineData(". {\n log a\n}\n", ".  {\r\n\tlog   a\r\n}", true)]
    [InlineData(". {\n log a\n}\n", "\n. {\n log a\n}\n", false)]
    [InlineData(". {\n log a\n}\n", ". {\n\n log a\n}\n", false)]
    [InlineData(". {\n log a\n}\n", ". {\n log b\n}\n", false)]
    [InlineData(". {\n log a\n}\n", ". {\n log\n}\n", false)]
    [InlineData(". {\n log a\n}\n", ".:54 {\n log a\n}\n", false)]
    [InlineData(". {\n log a\n}\n", "tls://. {\n log a\n}\n", false)]
    [InlineData(". {\n log a b\n}\n", ". {\n log \"a b\"\n}\n", false)]
    [InlineData(". {\n log { a }\n}\n", ". {\n log \n a\n}\n", false)]
    [InlineData(". {\n log { }\n}\n", ". {\n log\n}\n", false)]
    [InlineData(". { log { a { b }\n c }\n}\n", ". { log { a { b\n c } }\n}\n", false)]
    [InlineData(". {\n log {$A}\n}\n", ". {\n log {$B}\n}\n", false)]
    public void ComputeHash_differs_when_words_or_their_lines_differ(string one, string other, bool equal)
    {
        (string, string?)[] variables = [("A", "a"), ("B", "b")];
        byte[] hash = Read(one, variables).ComputeHash();

        Assert.Equal(64, hash.Length);
        Assert.Equal(hash, Read(one, variables).ComputeHash());
        Assert.Equal(equal, hash.AsSpan().SequenceEqual(Read(other, variables).ComputeHash()));
    }

    [Fact]
    public void ComputeHash_differs_when_an_imported_file_changes()
    {
        string path = _files.Write("Corefile", ". {\n import part\n}");
        _files.Write("part", "whoami");
        byte[] before = CorefileReader.ReadFile(path, static _ => null).ComputeHash();

        _files.Write("part", "errors");

        Assert.NotEqual(before, CorefileReader.ReadFile(path, static _ => null).ComputeHash());
    }

    private static CorefileException ReadFileError(string path) =>
        Assert.Throws<CorefileException>(() => CorefileReader.ReadFile(path, static _ => null));
}
