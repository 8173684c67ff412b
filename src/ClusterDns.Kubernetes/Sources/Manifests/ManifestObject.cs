using System.Net;
using System.Net.Sockets;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>An object of a manifest before what a cluster would fill in has been filled in.</summary>
internal abstract class ManifestObject
{
    protected ManifestObject(YamlValue root, bool namespaced)
    {
        YamlValue metadata = root["metadata"];
        Place = root.Place;
        Name = metadata["name"].RequireText("metadata.name");
        Namespace = namespaced ? metadata["namespace"].Text() ?? "default" : "";
        if (!IsName(Name))
        {
            throw metadata["name"].Wrong($"found '{Name}', expected a name of letters, digits, '-' and '.'");
        }

        if (namespaced && (!IsName(Namespace) || Namespace.Contains('.', StringComparison.Ordinal)))
        {
            throw metadata["namespace"].Wrong($"found '{Namespace}', expected the name of a namespace");
        }

        Labels = new LabelSet(metadata["labels"].Pairs());
        Terminating = metadata["deletionTimestamp"].Text() is not null;
    }

    /// <summary>For errors about the whole object.</summary>
    public YamlValue Place { get; }

    public string Name { get; }

    public string Namespace { get; }

    public LabelSet Labels { get; }

    public bool Terminating { get; }

    public ObjectKey Key => new(Namespace, Name);

    /// <summary>The text of an address, checked.</summary>
    protected static string Address(YamlValue value)
    {
        string text = value.RequireText("an address");
        Span<byte> octets = stackalloc byte[16];
        if (AddressText.TryParse(text, octets, out _) && !text.Contains(':', StringComparison.Ordinal))
        {
            return text;
        }

        // .NET takes 10.1 for 10.0.0.1 and a zone for part of an address; the API takes neither.
        return IPAddress.TryParse(text, out IPAddress? address) && !text.Contains('%', StringComparison.Ordinal)
            && (address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == text)
            ? text
            : throw value.Wrong($"found '{text}', expected an address");
    }

    protected static string Protocol(YamlValue value) => value.Text() switch
    {
        null => "TCP",
        "TCP" or "UDP" or "SCTP" => value.Text() ?? "TCP",
        var other => throw value.Wrong($"found '{other}', expected TCP, UDP or SCTP"),
    };

    private static bool IsName(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.' or ':'))
            {
                return false;
            }
        }

        return text.Length <= 253 && text[0] is not ('-' or '.') && text[^1] is not ('-' or '.');
    }
}
