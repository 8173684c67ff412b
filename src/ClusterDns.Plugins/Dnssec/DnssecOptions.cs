using System.Diagnostics.CodeAnalysis;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>The <c>dnssec</c> directive, read.</summary>
/// <param name="Keys">Each signs every zone; none: nothing is signed.</param>
/// <param name="CacheCapacity">Signatures kept.</param>
internal sealed record DnssecOptions(ZoneSet Zones, IReadOnlyList<SigningKey> Keys, int CacheCapacity)
{
    private const int DefaultCapacity = 10_000;

    // Each takes room for its slot from the start.
    private const int MaxCapacity = 10_000_000;

    /// <summary>Reads the keys' files too.</summary>
    public static DnssecOptions Read(Directive directive, BlockContext block)
    {
        var zones = directive.ParseZones();
        var keys = new List<SigningKey>();
        var capacity = DefaultCapacity;
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "key":
                    ReadKeys(property, block, keys);
                    break;
                case "cache_capacity":
                    capacity = property.ExpectArgument().ParseInt(0, MaxCapacity);
                    break;
                default:
                    throw property.UnknownProperty("key", "cache_capacity");
            }
        }

        foreach (var key in keys)
        {
            if (!zones.Any(zone => zone.IsSubdomainOf(key.Owner)))
            {
                throw directive.Error($"key {key.Owner} (keyid: {key.Tag}) can not sign any of the zones");
            }
        }

        return new DnssecOptions(new ZoneSet(zones), keys, capacity);
    }

    private static void ReadKeys(Directive property, BlockContext block, List<SigningKey> keys)
    {
        property.ExpectArguments(2);
        foreach (var argument in property.Arguments.Skip(1))
        {
            keys.Add(TryReadKey(property, argument.Text, block, out var key, out var error) ? key : throw property.Error(error));
        }
    }

    private static bool TryReadKey(
        Directive property, string place, BlockContext block, [NotNullWhen(true)] out SigningKey? key, out string error) =>
        property.Arguments[0].Text switch
        {
            "file" => KeyFile.TryRead(block.ResolvePath(place), out key, out error),
            "aws_secretsmanager" => SecretsManager.TryRead(place, block.Services.Time, out key, out error),
            _ => throw property.Arguments[0].Unexpected("file or aws_secretsmanager"),
        };
}
