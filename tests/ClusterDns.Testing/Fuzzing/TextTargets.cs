using System.Buffers;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Json;
using ClusterDns.Kubernetes.Sources.Manifests;
using ClusterDns.Kubernetes.Sources.Yaml;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using YamlDotNet.Core;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>What operators write and the API server sends.</summary>
internal static class TextTargets
{
    public static void ReadCorefile(byte[] octets)
    {
        try
        {
            // Imports find nothing there.
            CorefileReader.ReadText(Encoding.UTF8.GetString(octets), "/nowhere/Corefile", static _ => null);
        }
        catch (CorefileException)
        {
            // Refused in one line.
        }
    }

    public static void ReadZoneFile(byte[] octets)
    {
        var origin = DnsName.Parse("example.org.");
        var builder = new ZoneBuilder(origin);
        using var reader = new MasterFileReader(new StringReader(Encoding.Latin1.GetString(octets)), "db", origin);
        for (var left = 10_000; left > 0 && reader.TryRead(out var record); left--)
        {
            builder.Add(record);
        }

        if (reader.Error.Length == 0)
        {
            builder.TryBuild(out _, out _);
        }
    }

    public static void ReadManifests(byte[] octets)
    {
        try
        {
            using var documents = new YamlDocuments(new StringReader(Encoding.UTF8.GetString(octets)));
            var set = new ManifestSet();
            while (documents.Next() is { } root)
            {
                set.Add(new YamlValue("manifest.yaml", root.Root));
            }

            ManifestClusterBuilder.Build(set, new KubernetesSyncOptions());
        }
        catch (Exception exception) when (exception is YamlException or SourceConfigurationException)
        {
            // Refused in one line.
        }
    }

    public static void ReadWatchEvent(byte[] octets)
    {
        var line = new ReadOnlySequence<byte>(octets);
        WatchEventJson.TryRead(line, ServiceJson.Read, new TextPool(), out _, out _);
        WatchEventJson.TryRead(line, EndpointSliceJson.Read, new TextPool(), out _, out _);
        WatchEventJson.TryRead(line, PodJson.Read, new TextPool(), out _, out _);
        WatchEventJson.TryRead(line, NamespaceJson.Read, new TextPool(), out _, out _);
    }
}
