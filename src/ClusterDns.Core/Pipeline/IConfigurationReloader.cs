using ClusterDns.Core.Corefile;

namespace ClusterDns.Core.Pipeline;

/// <summary>The process's Corefile: what is in force, what the file says now, and the way from one to the other.</summary>
public interface IConfigurationReloader
{
    /// <summary>The document in force.</summary>
    CorefileDocument Current { get; }

    /// <summary>Reads the file anew.</summary>
    /// <exception cref="CorefileException">It cannot be read or is no Corefile.</exception>
    CorefileDocument Read();

    /// <summary>
    /// Whether the document says what failed the last time: it was refused, or a plan made of it was rejected while it served.
    /// It is not worth another try until it changes.
    /// </summary>
    bool HasRefused(CorefileDocument document);

    /// <summary>Puts a document in force. The reason where it cannot be, the running plan then stays; null when it is.</summary>
    ValueTask<string?> ReloadAsync(CorefileDocument document);
}
