namespace ClusterDns.Testing.Wire;

/// <summary>One entry of the question section.</summary>
public sealed record WireQuestion(WireName Name, ushort Type, ushort Class)
{
    public override string ToString() => $"{Name} {Mnemonics.ClassName(Class)} {Mnemonics.TypeName(Type)}";
}
