using System.Reflection;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Plugins.Cache;
using ClusterDns.Protocol.Names;
using ClusterDns.Server.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Repository;

public sealed class FieldTests
{
    // A type with such a field has no machine code before the JIT has made it, nor has any method that takes one into its hands.
    private static readonly Type[] Unknown = [typeof(UInt128), typeof(Int128), typeof(System.Numerics.Vector<>)];

    [Theory]
    [InlineData(typeof(NameHash))]
    [InlineData(typeof(QueryContext))]
    [InlineData(typeof(CachePlugin))]
    [InlineData(typeof(KubernetesPlugin))]
    [InlineData(typeof(ClientHash))]
    public void No_field_keeps_code_from_being_compiled_before_it_runs(Type ofAssembly) => Assert.Empty(ofAssembly.Assembly.GetTypes()
        .SelectMany(static type => type.GetFields(
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(static field => Unknown.Contains(field.FieldType.IsGenericType ? field.FieldType.GetGenericTypeDefinition() : field.FieldType))
        .Select(static field => $"{field.DeclaringType}.{field.Name}"));
}
