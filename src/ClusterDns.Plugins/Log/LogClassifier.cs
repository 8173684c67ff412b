using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Log;

/// <summary>Tells which class a response belongs to.</summary>
internal static class LogClassifier
{
    public static LogClasses Classify(QueryContext query)
    {
        var response = query.Response;
        if (query.OpCode is not OpCode.Query || query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            return LogClasses.Error;
        }

        return response.Code switch
        {
            ResponseCode.NoError => response.Answer.Count == 0 && HasSoa(response.Authority) ? LogClasses.Denial : LogClasses.Success,
            ResponseCode.NXDomain when HasSoa(response.Authority) => LogClasses.Denial,
            _ => LogClasses.Error,
        };
    }

    private static bool HasSoa(ResponseSection section)
    {
        foreach (ref var record in section.Records)
        {
            if (record.Type is RecordType.SOA)
            {
                return true;
            }
        }

        return false;
    }
}
