namespace ClusterDns.Core.Expressions;

/// <summary>What a value is, or what the value of a part of an expression can be.</summary>
[Flags]
internal enum ValueKinds : byte
{
    None = 0,
    Nil = 1,
    Bool = 2,
    Int = 4,
    Float = 8,
    Text = 16,
    Array = 32,
    Number = Int | Float,
    Any = Nil | Bool | Number | Text | Array,
}
