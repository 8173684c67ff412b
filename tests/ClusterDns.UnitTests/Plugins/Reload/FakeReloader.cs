using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.UnitTests.Plugins.Reload;

/// <summary>A process whose Corefile a test writes.</summary>
internal sealed class FakeReloader : IConfigurationReloader
{
    private byte[]? _refused;

    public FakeReloader(string text) => (Text, Current) = (text, Parse(text));

    /// <summary>What the file says now.</summary>
    public string Text { get; set; }

    public CorefileDocument Current { get; private set; }

    /// <summary>Why reloads fail; null: they do not.</summary>
    public string? Refusal { get; set; }

    /// <summary>How often the file was read.</summary>
    public int Reads { get; private set; }

    /// <summary>How often a reload was asked for.</summary>
    public int Reloads { get; private set; }

    public CorefileDocument Read()
    {
        Reads++;
        return Parse(Text);
    }

    public bool HasRefused(CorefileDocument document) => document.ComputeHash().AsSpan().SequenceEqual(_refused);

    public ValueTask<string?> ReloadAsync(CorefileDocument document)
    {
        Reloads++;
        _refused = Refusal is null ? null : document.ComputeHash();
        Current = Refusal is null ? document : Current;
        return ValueTask.FromResult(Refusal);
    }

    private static CorefileDocument Parse(string text) => CorefileReader.ReadText(text, "Corefile", static _ => null);
}
