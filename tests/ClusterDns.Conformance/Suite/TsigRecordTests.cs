using System.Text.Json.Nodes;
using ClusterDns.Conformance.Asking;
using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>The signatures that the judge makes and checks.</summary>
public sealed class TsigRecordTests
{
    private static readonly byte[] RequestMac = [1, 2, 3];

    [Fact]
    public void Strip_gives_back_the_message_when_it_was_signed()
    {
        byte[] query = Query();

        (byte[] signed, byte[] mac) = TsigRecord.Sign(query, Key());
        (byte[] stripped, TsigRecord? record) = TsigRecord.Strip(signed);

        Assert.Equal(query, stripped);
        Assert.Equal(mac, record?.Mac);
        Assert.Equal("key.test.", $"{record?.Name}");
    }

    [Fact]
    public void Verify_fails_when_the_request_it_answers_was_another()
    {
        (byte[] signed, _) = TsigRecord.Sign(Query(), Key());
        (byte[] stripped, TsigRecord? record) = TsigRecord.Strip(signed);

        Assert.Equal("BadSignature", record?.Verify(stripped, Key(), RequestMac).ToString());
    }

    private static byte[] Query()
    {
        WireMessage query = new() { Id = 3, Bits = 0x0100 };
        query.Questions.Add(new WireQuestion(WireName.Parse("a.test."), 1, 1));
        return query.Encode();
    }

    private static TsigKey Key() => new(new JsonObject { ["name"] = "key.test.", ["secret"] = "MDEyMzQ1Njc4OWFiY2RlZg==" });
}
