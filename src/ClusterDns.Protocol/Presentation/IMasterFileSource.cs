using System.Diagnostics.CodeAnalysis;

namespace ClusterDns.Protocol.Presentation;

/// <summary>Opens the files that <c>$INCLUDE</c> names; this project itself reads no files.</summary>
public interface IMasterFileSource
{
    /// <summary>Opens a file as octets, one character each (Latin 1). The reader of the master file disposes of it.</summary>
    /// <param name="path">As it is written.</param>
    /// <param name="includedFrom">The path of the file it is written in: relative paths start at its folder.</param>
    /// <param name="openedPath">How errors and inner includes name the file.</param>
    /// <param name="error">Why it cannot be opened.</param>
    bool TryOpen(string path, string includedFrom, [NotNullWhen(true)] out TextReader? text, out string openedPath, out string error);
}
