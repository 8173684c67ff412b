using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Wire;

namespace ClusterDns.FunctionalTests.Backends;

/// <summary>Replies of a chain in one line: <c>RCODE|answer|…|authority|…|+additional</c>, RCODE left out where there are answers.</summary>
internal static class Replies
{
    /// <summary>The RCODE that a test's last step fails with.</summary>
    public const ResponseCode Next = ResponseCode.NotImp;

    public static async Task<string> DescribeAsync(this ChainHarness chain, string name, string type = "A")
    {
        if (await chain.AskAsync(name, (RecordType)Mnemonics.TypeValue(type)) is not { } reply)
        {
            return "none";
        }

        var code = (ResponseCode)reply.ResponseCode;
        if (code is Next)
        {
            return "next";
        }

        var records = reply.Answer.Select(static record => record.ToString());
        if (code is not ResponseCode.NoError || reply.Answer.Count == 0)
        {
            records = records.Prepend(code.ToString()).Concat(reply.Authority.Select(static record => record.ToString()));
        }

        return string.Join('|', records.Concat(reply.Additional.Select(static record => "+" + record)));
    }

    /// <summary>Asks until the reply is the one expected; fails with the last one when the test's time is over.</summary>
    public static async Task UntilAsync(this ChainHarness chain, string name, string expected, CancellationToken cancel)
    {
        while (await chain.DescribeAsync(name) != expected)
        {
            await Task.Delay(10, cancel);
        }
    }
}
