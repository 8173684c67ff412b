using System.Globalization;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// A cluster that is being followed: its records and what keeps them. A reload that leaves the directive as it was goes on with
/// it, so that reloading costs no list and loses no answer while the API server is away.
/// </summary>
internal sealed class FollowedCluster(KubernetesState state, Freshness freshness, Synchronization synchronization, bool hasSnapshot)
{
    public KubernetesState State => state;

    public Freshness Freshness => freshness;

    public bool HasSnapshot => hasSnapshot;

    /// <summary>Begins where nobody has yet, and waits as the directive says until the cluster is known.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        synchronization.Start();
        freshness.ShowVersions();
        await synchronization.WaitAsync(cancellationToken);
    }

    public ValueTask StopAsync() => synchronization.StopAsync();

    /// <summary>Everything that the records depend on, in one text.</summary>
    /// <param name="local">Addresses of this host.</param>
    public static string KeyOf(Directive directive, BlockContext block, KubernetesOptions options, byte[][] local)
    {
        var key = new StringBuilder("kubernetes");
        Append(key, directive);
        key.Append('\n').AppendJoin(' ', block.Zones).Append('\n').Append(block.Root);
        Array.ForEach(local, address => key.Append('\n').Append(Convert.ToHexString(address)));

        // What these say is read once: a new text is another cluster, or other credentials.
        var sync = options.Sync;
        foreach (var path in (string?[])[sync.KubeconfigFile, sync.CertificateFile, sync.KeyFile, sync.AuthorityFile])
        {
            if (path is not null && File.Exists(path))
            {
                key.Append(CultureInfo.InvariantCulture, $"\n{File.GetLastWriteTimeUtc(path).Ticks}");
            }
        }

        return key.ToString();
    }

    private static void Append(StringBuilder key, Directive directive)
    {
        key.Append('\n').Append(directive.Name);
        foreach (var word in directive.Arguments)
        {
            key.Append('\0').Append(word.Text);
        }

        foreach (var property in directive.Properties)
        {
            Append(key, property);
        }
    }
}
