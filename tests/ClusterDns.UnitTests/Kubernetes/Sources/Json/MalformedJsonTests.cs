using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Json;

/// <summary>What is no object is an error that says so, never anything else.</summary>
public sealed class MalformedJsonTests
{
    [Theory]
    [InlineData("""{"metadata":{"namespace":"a"}}""")]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{"name":1,"namespace":"a"}}""")]
    [InlineData("""{"metadata":[],"spec":{}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"a"},"spec":{"ports":[{"port":70000}]}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"a"},"spec":{"ports":[{"port":"http"}]}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"a"},"spec":{"ports":[3]}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"a"},"spec":{"clusterIPs":{}}}""")]
    [InlineData("""{"metadata":{"name":"\ud800","namespace":"a"}}""")]
    [InlineData("[]")]
    public void Read_fails_cleanly_on_what_is_no_service(string json) =>
        Assert.Throws<JsonException>(() => Decode.Object(ServiceJson.Read, json));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"RENAMED","object":{}}""")]
    [InlineData("""{"object":{"metadata":{"name":"a","namespace":"a"}}}""")]
    public void TryRead_says_no_to_what_is_no_event(string line)
    {
        ReadOnlySequence<byte> octets = new(Encoding.UTF8.GetBytes(line));
        Assert.False(WatchEventJson.TryRead(octets, ServiceJson.Read, new TextPool(), out _, out string error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryRead_takes_the_type_after_the_object()
    {
        WatchEvent<Service> item = Decode.Watch(ServiceJson.Read,
            ["""{"object":{"metadata":{"name":"a","namespace":"b","resourceVersion":"7"}},"type":"DELETED"}"""]).Single();
        Assert.Equal((WatchEventType.Deleted, "b/a", "7"), (item.Type, item.Object!.Key.ToString(), item.ResourceVersion));
    }

    [Fact]
    public void TryRead_survives_any_single_octet_changed()
    {
        byte[] line = Encoding.UTF8.GetBytes(Recorded.Lines("watch-endpointslices.jsonl")[2]);
        TextPool pool = new();
        int refused = 0;
        for (int i = 0; i < line.Length; i++)
        {
            byte saved = line[i];
            foreach (byte octet in "{\"[\0\xFF,9\\"u8)
            {
                line[i] = octet;
                if (!WatchEventJson.TryRead(new(line), EndpointSliceJson.Read, pool, out _, out _))
                {
                    refused++;
                }
            }

            line[i] = saved;
        }

        Assert.True(refused > line.Length);
    }

    [Theory]
    [InlineData("""{"items":[{"metadata":{"name":"a","namespace":"a"}}""")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[7]}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task ReadAsync_fails_cleanly_on_what_is_no_list(string json) => await Assert.ThrowsAnyAsync<JsonException>(
        () => Decode.ListAsync(ServiceJson.Read, Encoding.UTF8.GetBytes(json), 5));

    [Fact]
    public async Task ReadAsync_reads_an_item_that_is_larger_than_every_buffer()
    {
        string json = "{\"items\":[{\"metadata\":{\"name\":\"big\",\"namespace\":\"a\",\"managedFields\":[\""
            + new string('x', 3_000_000) + "\"]}}],\"metadata\":{\"resourceVersion\":\"9\"}}";
        (List<Service> items, ListMetadata metadata) =
            await Decode.ListAsync(ServiceJson.Read, Encoding.UTF8.GetBytes(json), 8192);
        Assert.Equal("a/big", items.Single().Key.ToString());
        Assert.Equal("9", metadata.ResourceVersion);
    }

    [Theory]
    [InlineData("""{"managedFields":[{"time":"2026-11-23T00:00:02Z"}],"creationTimestamp":"2026-11-23T00:00:01Z"}""", 2)]
    [InlineData("""{"managedFields":[{"time":"2026-11-23T00:00:02Z"},{"time":"2026-11-23T00:00:01Z"}]}""", 2)]
    [InlineData("""{"managedFields":[],"creationTimestamp":"2026-11-23T00:00:01Z"}""", 1)]
    [InlineData("""{"managedFields":{"time":"2026-11-23T00:00:02Z"}}""", 0)]
    [InlineData("""{"managedFields":[7,null,[{"time":"2026-11-23T00:00:02Z"}],{"time":{"a":1}},{"time":"soon"}]}""", 0)]
    [InlineData("""{"managedFields":null,"creationTimestamp":["2026-11-23T00:00:02Z"]}""", 0)]
    [InlineData("""{"creationTimestamp":"0001-01-01T00:00:00Z"}""", 0)]
    public void Readers_take_what_is_no_time_for_nothing(string metadata, uint second)
    {
        Service service = Decode.Object(
            ServiceJson.Read, "{\"metadata\":" + metadata[..^1] + ",\"name\":\"a\",\"namespace\":\"b\"}}");
        uint midnight = (uint)new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(second == 0 ? 0 : midnight + second, service.ChangedAt);
    }

    [Fact]
    public async Task ReadAsync_refuses_an_item_without_end()
    {
        string json = "{\"items\":[{\"x\":\"" + new string('x', ListReader.LargestObject + 100_000);
        PipeReader body = PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        JsonException e = await Assert.ThrowsAnyAsync<JsonException>(() => ListReader.ReadAsync(
            body, ServiceJson.Read, new TextPool(), _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("larger than", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_take_null_for_nothing()
    {
        EndpointSlice slice = Decode.Object(EndpointSliceJson.Read,
            """{"metadata":{"name":"a","namespace":"a","labels":null},"endpoints":null,"ports":[{"port":null}]}""");
        Assert.Empty(slice.Endpoints);
        Assert.Equal([new ServicePort("", "TCP", 0)], slice.Ports);
        Endpoint endpoint = Decode.Object(EndpointSliceJson.Read,
            """{"metadata":{"name":"a","namespace":"a"},"endpoints":[{"conditions":{"ready":null},"addresses":["::1"]}]}""")
            .Endpoints.Single();
        Assert.True(endpoint.Ready);
    }

    [Fact]
    public void Read_takes_what_a_service_import_says()
    {
        ServiceImport import = Decode.Object(ServiceImportJson.Read,
            """{"metadata":{"name":"a","namespace":"b"},"spec":{"type":"ClusterSetIP","ips":["10.0.0.1"],"ports":[{"name":"x","protocol":"UDP","port":53}]}}""");
        Assert.False(import.IsHeadless);
        Assert.Equal(["10.0.0.1"], import.IPs);
        Assert.Equal([new ServicePort("x", "UDP", 53)], import.Ports);
    }

    [Fact]
    public void Get_gives_one_string_for_equal_texts()
    {
        TextPool pool = new();
        Assert.Same(pool.Get("zone-a"u8), pool.Get("zone-a"u8));
        Assert.Equal("zön", pool.Get("zön"u8));
    }
}
