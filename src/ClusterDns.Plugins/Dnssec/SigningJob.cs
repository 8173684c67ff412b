using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>One RRset to be signed; whoever needs its signatures awaits <see cref="Done"/>.</summary>
/// <param name="canonical">The set's records in canonical form and order.</param>
internal sealed class SigningJob(
    RRsetSigner signer, SignatureContent content, byte[] canonical, RecordType type, byte labels, DnsName zone, bool isDenial)
{
    // Those who wait go on elsewhere than on the thread that signs.
    private readonly TaskCompletionSource<SignatureEntry?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SignatureContent Content => content;

    /// <summary>The canonical records; what is signed has fields in front of them.</summary>
    public byte[] Canonical => canonical;

    public RecordType Type => type;

    /// <summary>See <see cref="SignatureFields.CountLabels"/>.</summary>
    public byte Labels => labels;

    /// <summary>Signer's Name.</summary>
    public DnsName Zone => zone;

    /// <summary>An NSEC record that was made for a question: there is no end of those.</summary>
    public bool IsDenial => isDenial;

    /// <summary>Null where it could not be signed.</summary>
    public Task<SignatureEntry?> Done => _done.Task;

    public void Run() => signer.Run(this);

    public void Complete(SignatureEntry? entry) => _done.TrySetResult(entry);
}
