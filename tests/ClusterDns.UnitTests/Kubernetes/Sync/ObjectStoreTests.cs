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
        _store.Put(Make("a", "2"));
        Assert.Equal(["+demo/a", "~demo/a"], _sink.Log);
        Assert.Equal("2", _sink.Items.Single().ResourceVersion);
    }

    [Fact]
    public void EndReplace_deletes_what_the_list_did_not_have()
    {
        _store.Put(Make("a", "1"));
        _store.Put(Make("b", "1"));
        _store.Put(Make("c", "1"));
        _store.BeginReplace();
        _store.Put(Make("b", "1"));
        _store.Put(Make("c", "2"));
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

    private static Service Make(string name, string version) =>
        new() { Namespace = "demo", Name = name, ResourceVersion = version };
}
