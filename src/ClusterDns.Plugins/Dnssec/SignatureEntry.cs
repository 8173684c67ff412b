using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>The RRSIGs over one RRset, one for each key; immutable.</summary>
internal sealed class SignatureEntry
{
    private readonly byte[][] _signatures;

    /// <param name="content">The records that are signed: see <see cref="SignatureContent"/>.</param>
    /// <param name="signatures">RDATA of the RRSIGs.</param>
    public SignatureEntry(SignatureContent content, byte[][] signatures, uint expiration)
    {
        Content = content;
        _signatures = signatures;
        Expiration = expiration;
    }

    public SignatureContent Content { get; }

    /// <summary>Seconds of Unix time modulo 2³².</summary>
    public uint Expiration { get; }

    /// <summary>True while the signatures hold for at least <paramref name="seconds"/> behind <paramref name="now"/>.</summary>
    public bool LastsUntil(uint now, uint seconds) => (int)(Expiration - (now + seconds)) > 0;

    /// <summary>Appends the RRSIGs to a section; nothing is copied.</summary>
    /// <param name="ttl">That of the RRset that is covered (RFC 4034 §3).</param>
    public void AddTo(ResponseSection section, NameRef owner, uint ttl)
    {
        foreach (var rdata in _signatures)
        {
            section.Add(new ResponseRecord(owner, RecordType.RRSIG, RecordClass.IN, ttl, rdata, 0, rdata.Length));
        }
    }
}
