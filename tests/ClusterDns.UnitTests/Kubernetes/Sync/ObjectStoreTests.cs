using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sync;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class ObjectStoreTests
{
    private readonly RecordingSink<Service> _sink = new();
    private readonly ObjectStore<Service> _store;

    public ObjectStoreTests() => _store = new ObjectStore<Service>(_sink, new Lock());

    [Fact]
    public void Put_says_nothing_of_a_version_that_is_known()
    {
        _store.Put(Make("a", "1"));
        _store.Put(Make("a", "1"));
        _store.Put(Make("a", "2", "10.0.0.2"));
        Assert.Equal(["+demo/a", "~demo/a"], _sink.Log);
        Assert.Equal("2", _sink.Items.Single().ResourceVersion);
    }

    [Fact]
    public void Put_follows_a_version_that_changed_nothing()
    {
        Service first = Make("a", "1");
        _store.Put(first);
        _store.Put(Make("a", "2"));
        Assert.Equal(["+demo/a"], _sink.Log);
        Assert.Equal("2", first.ResourceVersion);
        Assert.True(_store.IsAtLeast(first.Key, 2));
    }

    [Fact]
    public void Remembering_a_slice_again_brings_what_is_known_up_to_date()
    {
        var trigger = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        ClusterObject known = Slice("1", "s").Remember(null);
        Assert.Empty(Assert.IsType<EndpointSlice>(known).Endpoints);
        EndpointSlice newer = Slice("2", "s", trigger);
        Assert.Same(known, newer.Remember(known));
        Assert.True(known.HasVersionOf(newer));
        Assert.Equal(trigger, ((EndpointSlice)known).TriggerTime);
        Assert.NotSame(known, Slice("3", "t").Remember(known));
    }

    [Fact]
    public void EndReplace_deletes_what_the_list_did_not_have()
    {
        _store.Put(Make("a", "1"));
        _store.Put(Make("b", "1"));
        _store.Put(Make("c", "1"));
        _store.BeginReplace();
        _store.Put(Make("b", "1"));
        _store.Put(Make("c", "2", "10.0.0.2"));
        Assert.Equal(3, _store.Count);
        _store.EndReplace();
        Assert.Equal(["+demo/a", "+demo/b", "+demo/c", "~demo/c", "-demo/a"], _sink.Log);
        Assert.Equal(2, _store.Count);
    }

    [Fact]
    public void BeginReplace_starts_over_after_a_list_that_broke_off()
    {
        _store.Put(Make("a", "1"));
        _store.BeginReplace();
        _store.Put(Make("b", "1"));
        _store.BeginReplace();
        _store.Put(Make("a", "1"));
        _store.EndReplace();
        Assert.Equal("demo/a", _sink.Keys);
    }

    [Fact]
    public void Delete_says_nothing_of_what_was_never_there()
    {
        _store.Delete(new ObjectKey("demo", "a"));
        Assert.Empty(_sink.Log);
    }

    private static Service Make(string name, string version, string address = "10.0.0.1") =>
        new() { Namespace = "demo", Name = name, ResourceVersion = version, ClusterIPs = [address] };

    private static EndpointSlice Slice(string version, string service, DateTimeOffset? trigger = null) => new()
    {
        Namespace = "demo",
        Name = "a",
        ServiceName = service,
        ResourceVersion = version,
        TriggerTime = trigger,
        Endpoints = [new Endpoint { Addresses = ["10.0.0.1"] }],
    };
}
