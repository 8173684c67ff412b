using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Sign;

/// <summary>One <c>sign</c> directive, read.</summary>
/// <param name="Source">The zone file to sign.</param>
/// <param name="Keys">Each signs everything.</param>
/// <param name="Directory">Where the signed zones go.</param>
internal sealed record SignOptions(string Source, IReadOnlyList<DnsName> Zones, IReadOnlyList<SigningKey> Keys, string Directory)
{
    private const string DefaultDirectory = "/var/lib/coredns";

    /// <summary>Reads the keys' files too.</summary>
    public static SignOptions Read(Directive directive, BlockContext block)
    {
        directive.ExpectArguments(1);
        var keys = new List<SigningKey>();
        var directory = DefaultDirectory;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "key":
                    ReadKeys(property, block, keys);
                    break;
                case "directory":
                    directory = block.ResolvePath(property.ExpectArgument().Text);
                    break;
                default:
                    throw property.UnknownProperty("key", "directory");
            }
        }

        return new SignOptions(block.ResolvePath(directive.Arguments[0].Text), directive.ParseZones(1), keys, directory);
    }

    private static void ReadKeys(Directive property, BlockContext block, List<SigningKey> keys)
    {
        property.ExpectArguments(2);
        var paths = property.Arguments.Skip(1).Select(argument => block.ResolvePath(argument.Text));
        switch (property.Arguments[0].Text)
        {
            case "file":
                keys.AddRange(paths.Select(path => ReadKey(property, path)));
                break;
            case "directory":
                property.ExpectArguments(2, 2);
                keys.AddRange(FindKeys(property, paths.Single()).Select(path => ReadKey(property, path)));
                break;
            default:
                throw property.Arguments[0].Unexpected("file or directory");
        }
    }

    // The zone has one kind of key, which the parent points to (a combined signing key, RFC 6781 §3.1).
    private static SigningKey ReadKey(Directive property, string path)
    {
        if (!KeyFile.TryRead(path, out var key, out var error))
        {
            throw property.Error(error);
        }

        return key.IsKeySigning
            ? key
            : throw property.Error($"{path}: found a zone-signing key, expected one with the SEP flag (257), which signs everything");
    }

    private static IReadOnlyList<string> FindKeys(Directive property, string directory)
    {
        try
        {
            return KeyFile.FindIn(directory) is { Count: > 0 } found
                ? found
                : throw property.Error($"{directory}: found no pair of K*.key and K*.private files, expected at least one");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw property.Error(exception.Message);
        }
    }
}
