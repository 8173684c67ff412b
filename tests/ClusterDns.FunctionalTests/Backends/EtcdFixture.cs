using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

/// <summary>An etcd with the keys that tests ask for.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    private EtcdServer? _server;

    internal EtcdServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _server = await EtcdServer.StartAsync();
        (string Key, string Value)[] keys =
        [
            ("a", """{"host":"10.0.0.1","ttl":60}"""),
            ("six", """{"host":"2001:db8::1"}"""),
            ("web/one", """{"host":"10.0.1.1","port":8080,"ttl":60}"""),
            ("web/two", """{"Host":"10.0.1.2","port":"8081","weight":200,"ttl":"60"}"""),
            ("web/zzz", """{"host":"a.sky.test","port":9090,"priority":20,"ttl":60,"group":""}"""),
            ("strip/x", """{"host":"10.0.2.1","port":1,"targetstrip":1,"ttl":60}"""),
            ("mail/x", """{"host":"a.sky.test","mail":true,"priority":5,"ttl":60}"""),
            ("mail/y", """{"host":"10.0.0.7","ttl":60}"""),
            ("text", """{"text":"said \"so\"","ttl":60}"""),
            ("alias", """{"host":"a.sky.test","ttl":60}"""),
            ("far", """{"host":"next.test","ttl":60}"""),
            ("loop1", """{"host":"loop2.sky.test","ttl":60}"""),
            ("loop2", """{"host":"loop1.sky.test","ttl":60}"""),
            ("grouped/a", """{"host":"10.0.3.1","group":"g1","ttl":60}"""),
            ("grouped/b", """{"host":"10.0.3.2","group":"g1","ttl":60}"""),
            ("grouped/c/x", """{"host":"10.0.3.3","group":"g2","ttl":60}"""),
            ("dns/apex/x", """{"host":"10.0.9.1","ttl":60}"""),
            ("dns/ns/ns1", """{"host":"10.0.9.2","ttl":60}"""),
            ("long", """{"host":"10.0.4.1"}"""),
            ("broken", "no JSON"),
        ];
        foreach ((string key, string value) in keys)
        {
            await _server.PutAsync("/skydns/test/sky/" + key, value);
        }

        await _server.PutAsync("/skydns/arpa/in-addr/10/0/0/1", """{"host":"a.sky.test","ttl":60}""");
        await _server.PutAsync("/other/place/test/sky/a/x", """{"host":"10.1.0.1","port":1,"ttl":60}""");
        await LeaseAsync("leased", """{"host":"10.0.5.1"}""", 1000);
        await LeaseAsync("capped", """{"host":"10.0.5.3"}""", 900);
        await LeaseAsync("both", """{"host":"10.0.5.4","ttl":60}""", 902);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Writes a key of <c>sky.test</c> that ends with a lease.</summary>
    internal async Task LeaseAsync(string key, string value, int seconds) =>
        await Server.PutAsync("/skydns/test/sky/" + key, value, await Server.GrantAsync(seconds));
}
