using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>Reads Corefiles.</summary>
public static class CorefileReader
{
    /// <param name="path">Used in messages as given; imports are looked up relative to its directory.</param>
    /// <param name="environment">The value of a variable, null when it is not set.</param>
    /// <exception cref="CorefileException">The file cannot be read or is no Corefile.</exception>
    public static CorefileDocument ReadFile(string path, Func<string, string?> environment) =>
        ReadText(ReadAll(path, path, 0), path, environment);

    /// <param name="text">The content.</param>
    /// <param name="fileName">What messages call it; imports are looked up relative to its directory.</param>
    /// <param name="environment">The value of a variable, null when it is not set.</param>
    /// <exception cref="CorefileException">The text is no Corefile.</exception>
    public static CorefileDocument ReadText(string text, string fileName, Func<string, string?> environment)
    {
        List<string> warnings = [];
        ImportResolver imports = new(environment, warnings);
        TokenStream tokens = new(fileName, new CorefileLexer(text, fileName, environment).ReadAll(), imports);
        List<ServerBlock> blocks = new CorefileParser(tokens, imports, warnings).Parse();
        return new CorefileDocument { Blocks = blocks, Warnings = warnings };
    }

    /// <summary>A file's text; a failure is reported at the place that asked for the file.</summary>
    internal static string ReadAll(string path, string askingFile, int askingLine)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
            StringBuilder text = new();
            char[] part = new char[8192];
            for (int length; (length = reader.ReadBlock(part)) > 0;)
            {
                text.Append(part, 0, length);
                if (text.Length > CorefileLimits.FileLength)
                {
                    throw new CorefileException(
                        askingFile,
                        askingLine,
                        $"a longer file {CorefileException.Quote(path)}",
                        $"at most {CorefileLimits.FileLength} characters");
                }
            }

            return text.ToString();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorefileException(askingFile, askingLine, $"no file {CorefileException.Quote(path)}", "a file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string what = Directory.Exists(path) ? "a directory" : "an unreadable file";
            throw new CorefileException(
                askingFile, askingLine, $"{what} {CorefileException.Quote(path)}", "a file that can be read");
        }
    }
}
