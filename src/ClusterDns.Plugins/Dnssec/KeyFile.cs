using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Key pairs on disk as BIND's and ldns's tools leave them: <c>Kexample.org.+013+26205.key</c> and <c>.private</c>.</summary>
internal static class KeyFile
{
    private const string PublicSuffix = ".key";
    private const string PrivateSuffix = ".private";

    /// <param name="path">With either suffix or without.</param>
    /// <param name="error">What is wrong, where the result is false.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        var stem = Trim(Trim(path, PublicSuffix), PrivateSuffix);
        try
        {
            return KeyPair.TryRead(
                File.ReadAllText(stem + PublicSuffix),
                stem + PublicSuffix,
                File.ReadAllText(stem + PrivateSuffix),
                stem + PrivateSuffix,
                out key,
                out error);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            key = null;
            error = exception.Message;
            return false;
        }
    }

    /// <summary>The stems of the pairs in a folder, in the order of their names.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<string> FindIn(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "K*" + PublicSuffix)
            .Select(static path => Trim(path, PublicSuffix))
            .Where(static stem => File.Exists(stem + PrivateSuffix))
            .Order(StringComparer.Ordinal),
    ];

    private static string Trim(string path, string suffix) =>
        path.EndsWith(suffix, StringComparison.Ordinal) ? path[..^suffix.Length] : path;
}
