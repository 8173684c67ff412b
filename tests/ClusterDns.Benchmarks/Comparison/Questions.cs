using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>Makes messages of the lines that dnsperf reads.</summary>
internal static class Questions
{
    /// <param name="line">"NAME TYPE".</param>
    public static byte[] Encode(string line, ushort id)
    {
        var parts = line.Split(' ');
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(DnsName.Parse(parts[0]).Span, Enum.Parse<RecordType>(parts[1]), RecordClass.IN);
        new MessageHeader(id, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0).Write(buffer);
        return buffer[..writer.Position];
    }

    public static byte[][] Read(string file, int most) =>
        [.. File.ReadLines(file).Take(most).Select(static (line, index) => Encode(line, (ushort)index))];
}
