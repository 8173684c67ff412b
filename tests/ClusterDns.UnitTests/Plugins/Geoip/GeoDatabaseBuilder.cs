using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ClusterDns.UnitTests.Plugins.Geoip;

/// <summary>Writes small MaxMind DB files; records are maps, arrays, texts, numbers and truth values.</summary>
internal sealed class GeoDatabaseBuilder(string type, int ipVersion = 6, int recordBits = 24)
{
    private const int Separator = 16;

    private readonly List<uint?[]> _nodes = [[null, null]];
    private readonly List<byte> _data = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly List<(int Node, int Side, int Offset)> _leaves = [];

    /// <param name="prefix">Such as <c>10.0.0.0/8</c>; none may contain another one.</param>
    public GeoDatabaseBuilder Add(string prefix, Dictionary<string, object> record)
    {
        var network = IPNetwork.Parse(prefix);
        var octets = network.BaseAddress.GetAddressBytes();
        var depth = network.PrefixLength;
        if (octets.Length == 4 && ipVersion == 6)
        {
            octets = [.. new byte[12], .. octets];
            depth += 96;
        }

        var node = 0;
        for (var bit = 0; bit < depth - 1; bit++)
        {
            var side = Bit(octets, bit);
            if (_nodes[node][side] is not { } child)
            {
                _nodes.Add([null, null]);
                _nodes[node][side] = child = (uint)(_nodes.Count - 1);
            }

            node = (int)child;
        }

        _leaves.Add((node, Bit(octets, depth - 1), _data.Count));
        Write(_data, record, _texts);
        return this;
    }

    public byte[] Build()
    {
        foreach (var (node, side, offset) in _leaves)
        {
            _nodes[node][side] = (uint)(_nodes.Count + Separator + offset);
        }

        var file = new List<byte>();
        foreach (var node in _nodes)
        {
            WriteNode(file, node[0] ?? (uint)_nodes.Count, node[1] ?? (uint)_nodes.Count);
        }

        file.AddRange(new byte[Separator]);
        file.AddRange(_data);
        file.AddRange([0xab, 0xcd, 0xef]);
        file.AddRange(Encoding.ASCII.GetBytes("MaxMind.com"));
        Write(file, new Dictionary<string, object>
        {
            ["binary_format_major_version"] = (ushort)2,
            ["database_type"] = type,
            ["ip_version"] = (ushort)ipVersion,
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)recordBits,
        });
        return [.. file];
    }

    private static int Bit(byte[] octets, int bit) => (octets[bit / 8] >> (7 - (bit % 8))) & 1;

    private void WriteNode(List<byte> file, uint left, uint right)
    {
        if (recordBits == 28)
        {
            file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left]);
            file.Add((byte)((left >> 24 << 4) | (right >> 24)));
            file.AddRange([(byte)(right >> 16), (byte)(right >> 8), (byte)right]);
            return;
        }

        foreach (var record in new[] { left, right })
        {
            for (var shift = recordBits - 8; shift >= 0; shift -= 8)
            {
                file.Add((byte)(record >> shift));
            }
        }
    }

    // A text that was written before becomes a pointer to it, as real files have it.
    private static void Write(List<byte> data, object value, Dictionary<string, int>? texts = null)
    {
        switch (value)
        {
            case string text when texts is not null && texts.TryGetValue(text, out var offset) && offset < 2048:
                data.AddRange([(byte)(0x20 | (offset >> 8)), (byte)offset]);
                break;
            case string text:
                texts?.TryAdd(text, data.Count);
                var octets = Encoding.UTF8.GetBytes(text);
                WriteControl(data, 2, octets.Length);
                data.AddRange(octets);
                break;
            case double number:
                WriteControl(data, 3, 8);
                var fraction = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(fraction, number);
                data.AddRange(fraction);
                break;
            case ushort number:
                WriteControl(data, 5, 2);
                data.AddRange([(byte)(number >> 8), (byte)number]);
                break;
            case uint number:
                WriteControl(data, 6, 4);
                data.AddRange([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
                break;
            case bool truth:
                WriteControl(data, 14, truth ? 1 : 0);
                break;
            case object[] array:
                WriteControl(data, 11, array.Length);
                foreach (var item in array)
                {
                    Write(data, item, texts);
                }

                break;
            case Dictionary<string, object> map:
                WriteControl(data, 7, map.Count);
                foreach (var (key, item) in map)
                {
                    Write(data, key, texts);
                    Write(data, item, texts);
                }

                break;
        }
    }

    private static void WriteControl(List<byte> data, int type, int size)
    {
        var first = type > 7 ? 0 : type << 5;
        data.Add((byte)(first | Math.Min(size, size < 285 ? 29 : 30)));
        if (type > 7)
        {
            data.Add((byte)(type - 7));
        }

        if (size >= 285)
        {
            data.AddRange([(byte)((size - 285) >> 8), (byte)(size - 285)]);
        }
        else if (size >= 29)
        {
            data.Add((byte)(size - 29));
        }
    }
}
