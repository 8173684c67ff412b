using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Geoip;

/// <summary>A MaxMind DB file, version 2 of the format, held in memory. Any number of threads may search it.</summary>
internal sealed class GeoDatabase
{
    private const int Separator = 16;
    private const int MetadataRoom = 128 * 1024;
    private const int IPv4Depth = 96;

    private static readonly byte[] MetadataMark = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    private readonly byte[] _file;
    private readonly uint _nodes;
    private readonly int _recordBits;
    private readonly int _dataSection;
    private readonly uint _firstIPv4;

    private GeoDatabase(byte[] file, GeoValue metadata)
    {
        _file = file;
        Type = metadata["database_type"u8].Text;
        _nodes = (uint)metadata["node_count"u8].Number;
        _recordBits = (int)metadata["record_size"u8].Number;
        IsIPv6 = metadata["ip_version"u8].Number == 6;
        var version = metadata["binary_format_major_version"u8].Number;
        if (version != 2 || _recordBits is not (24 or 28 or 32) || _nodes == 0 || TreeSize + Separator > file.Length)
        {
            throw new InvalidDataException("it is no MaxMind DB of version 2");
        }

        _dataSection = (int)TreeSize + Separator;
        _firstIPv4 = IsIPv6 ? Walk(0, default, IPv4Depth) : 0;
    }

    /// <summary>Such as <c>GeoLite2-City</c>.</summary>
    public string Type { get; }

    public bool IsIPv6 { get; }

    private long TreeSize => (long)_nodes * _recordBits / 4;

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static GeoDatabase Open(string path) => Parse(File.ReadAllBytes(path));

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static GeoDatabase Parse(byte[] file)
    {
        var from = Math.Max(0, file.Length - MetadataRoom);
        var mark = file.AsSpan(from).LastIndexOf(MetadataMark);
        if (mark < 0)
        {
            throw new InvalidDataException("it has no metadata of a MaxMind DB");
        }

        var start = from + mark + MetadataMark.Length;
        return new GeoDatabase(file, GeoValue.Read(file, start, start));
    }

    /// <summary>Where the record of an address begins; -1 where it has none.</summary>
    public long Find(IPAddressValue address)
    {
        if (!address.IsIPv4 && !IsIPv6)
        {
            return -1;
        }

        var bits = address.IsIPv4 ? address.Bits << IPv4Depth : address.Bits;
        var record = Walk(address.IsIPv4 ? _firstIPv4 : 0, bits, address.IsIPv4 ? 32 : 128);
        return record > _nodes ? TreeSize + record - _nodes : -1;
    }

    /// <summary>The record that <see cref="Find"/> found.</summary>
    public GeoValue Read(long record) => record < 0 ? default : GeoValue.Read(_file, _dataSection, record);

    // Down the tree by the bits from the highest on, until it ends in a record or in nothing.
    private uint Walk(uint node, UInt128 bits, int depth)
    {
        for (var index = 0; index < depth && node < _nodes; index++)
        {
            node = ReadRecord(node, isRight: (bits >> (127 - index) & 1) != 0);
        }

        return node;
    }

    private uint ReadRecord(uint node, bool isRight)
    {
        var octets = _file.AsSpan((int)(node * (long)_recordBits / 4), _recordBits / 4);
        if (_recordBits == 28)
        {
            var shared = octets[3];
            return isRight
                ? ((uint)(shared & 15) << 24) | ((uint)octets[4] << 16) | ((uint)octets[5] << 8) | octets[6]
                : ((uint)(shared >> 4) << 24) | ((uint)octets[0] << 16) | ((uint)octets[1] << 8) | octets[2];
        }

        var number = 0u;
        var half = octets.Length / 2;
        foreach (var octet in octets.Slice(isRight ? half : 0, half))
        {
            number = (number << 8) | octet;
        }

        return number;
    }
}
