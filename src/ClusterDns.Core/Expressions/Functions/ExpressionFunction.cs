namespace ClusterDns.Core.Expressions.Functions;

/// <summary>A function of the language.</summary>
/// <param name="Required">Arguments that must be there; the other parameters may be left out.</param>
/// <param name="RepeatsLast">Any number of arguments of the last parameter's kinds may follow.</param>
internal sealed record ExpressionFunction(
    string Name, ValueKinds[] Parameters, int Required, ValueKinds Result, FunctionBody Body, bool RepeatsLast = false)
{
    /// <summary>All there are but those whose argument is a predicate.</summary>
    public static IReadOnlyDictionary<string, ExpressionFunction> All { get; } =
        QueryFunctions.All.Concat(TextFunctions.All).Concat(NumberFunctions.All).Concat(ArrayFunctions.All)
            .ToDictionary(static function => function.Name, StringComparer.Ordinal);
}
