using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Presentation;

/// <summary>One file being read, and what the entries before have set: origin, owner, TTL.</summary>
internal sealed class MasterFile(TextReader text, string path, DnsName origin) : IDisposable
{
    public EntryLexer Lexer { get; } = new(text);

    public string Path { get; } = path;

    public DnsName Origin { get; set; } = origin;

    /// <summary>The owner of the record before; null before the first.</summary>
    public DnsName? Owner { get; set; }

    /// <summary>What <c>$TTL</c> set (RFC 2308 §4).</summary>
    public uint? DirectiveTtl { get; set; }

    /// <summary>The last TTL that a record had written, else the SOA's MINIMUM (RFC 1035 §5.1, §3.3.13).</summary>
    public uint? LastTtl { get; set; }

    /// <summary>The <c>$GENERATE</c> at work; null: read the next entry.</summary>
    public GenerateDirective? Generate { get; set; }

    public void Dispose() => text.Dispose();
}
