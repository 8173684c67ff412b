using System.Diagnostics.CodeAnalysis;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.UnitTests.Protocol.Presentation;

/// <summary>Files for <c>$INCLUDE</c> that stand in the test.</summary>
internal sealed class InlineMasterFiles(IReadOnlyDictionary<string, string> files) : IMasterFileSource
{
    public bool TryOpen(
        string path, string includedFrom, [NotNullWhen(true)] out TextReader? text, out string openedPath, out string error)
    {
        openedPath = path;
        text = files.TryGetValue(path, out var content) ? new StringReader(content) : null;
        error = text is null ? "no such file" : "";
        return text is not null;
    }
}
