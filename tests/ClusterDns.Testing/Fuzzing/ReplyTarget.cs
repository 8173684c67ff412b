using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Forward;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>A reply of an upstream to <c>www.example.com A</c>, and what a client would get of it.</summary>
internal static class ReplyTarget
{
    private static readonly byte[] Question = ChainHarness.Question("www.example.com", RecordType.A, edns: 1232);
    private static readonly byte[] Output = new byte[ushort.MaxValue];

    public static void Run(byte[] octets)
    {
        if (octets.Length > FuzzTarget.MaxInput)
        {
            return;
        }

        var query = new QueryContext();
        Question.CopyTo(query.GetMessageBuffer(Question.Length), 0);
        query.BeginRequest(
            Question.Length, TransportProtocol.Udp, default, default, new ListenerIdentity("dns://:53", 0));
        if (QueryReader.Read(query) is not ReadOutcome.Query)
        {
            throw new InvalidOperationException("the question itself is not read");
        }

        var exchange = new Exchange();
        UpstreamQueryWriter.Write(query, exchange);
        if (ReplyReader.MayAnswer(octets, exchange) && ReplyReader.Read(octets, exchange, exchange) is ExchangeStatus.Replied)
        {
            WrittenMessage.Check(Output.AsSpan(0, ResponseWriter.ForThread.Write(query, Output)));
        }
    }
}
