using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

public sealed class ClusterMetadataTests
{
    private readonly ClusterHarness _harness = new(ClusterHarness.Options(PodMode.Verified));

    [Theory]
    [InlineData("_http._tcp.Web.shop.svc.cluster.local A", "kind=svc namespace=shop port-name=http protocol=tcp service=web")]
    [InlineData("db-0.db.data.svc.cluster.local A", "endpoint=db-0 kind=svc namespace=data service=db")]
    [InlineData("10-0-0-1.shop.pod.cluster.local A", "kind=pod namespace=shop service=10-0-0-1")]
    [InlineData("svc.cluster.local A", "")]
    [InlineData("x.y.cluster.local A", "parse-error=invalid query name")]
    [InlineData("www.example.com A", "")]
    public void Provide_takes_the_name_apart(string question, string expected) =>
        Assert.Equal(expected, Read(_harness.Run(question)));

    [Fact]
    public void Provide_names_the_pod_that_asked()
    {
        _harness.With(new Pod
        {
            Namespace = "shop",
            Name = "cart",
            PodIP = "10.0.0.1",
            Labels = new LabelSet([new KeyValuePair<string, string>("app", "cart-app")]),
        });
        var query = _harness.Run("www.example.com A");
        query.Client = new SocketEndpoint(IPAddressValue.From(IPAddress.Parse("10.0.0.1")), 1);

        Assert.Equal("client-label/app=cart-app client-namespace=shop client-pod-name=cart", Read(query));
    }

    private string Read(QueryContext query)
    {
        var values = new MetadataValues();
        new ClusterMetadata(_harness.State).Provide(query, values);
        return string.Join(' ', values.Labels.Order(StringComparer.Ordinal)
            .Select(label => $"{label["kubernetes/".Length..]}={values.Find(label, query)}")
            .Where(static part => !part.EndsWith('=')));
    }
}
