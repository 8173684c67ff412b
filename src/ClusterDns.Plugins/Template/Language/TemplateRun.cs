using System.Text;

namespace ClusterDns.Plugins.Template.Language;

/// <summary>One execution of a template: output, dot, variables, and the ceilings on work and length.</summary>
/// <param name="data">The dot at the start, and what <c>$</c> stands for.</param>
internal sealed class TemplateRun(object data)
{
    /// <summary>Characters a template may write: more than the largest record needs in any sensible form.</summary>
    public const int MaxOutput = 128 * 1024;

    private const int MaxSteps = 20_000;

    private readonly StringBuilder _output = new();
    private readonly List<(string Name, object? Value)> _variables = [("$", data)];
    private int _steps;

    public object? Dot { get; set; } = data;

    /// <summary>Why the run failed; null while it has not.</summary>
    public string? Error { get; private set; }

    public bool Failed => Error is not null;

    public string Output => _output.ToString();

    /// <summary>Notes the first error; returns null so that an evaluation can end with it.</summary>
    public object? Fail(string error)
    {
        Error ??= error;
        return null;
    }

    public bool Write(string text)
    {
        if (_output.Length + text.Length > MaxOutput)
        {
            Fail($"it writes more than {MaxOutput} characters");
            return false;
        }

        _output.Append(text);
        return true;
    }

    /// <summary>Charges one piece of work; false when the budget is used up.</summary>
    public bool TryStep()
    {
        if (++_steps > MaxSteps)
        {
            Fail($"it takes more than {MaxSteps} steps");
        }

        return !Failed;
    }

    public int BeginScope() => _variables.Count;

    public void EndScope(int scope) => _variables.RemoveRange(scope, _variables.Count - scope);

    public void Declare(string name, object? value) => _variables.Add((name, value));

    public void Assign(string name, object? value) => _variables[IndexOf(name)] = (name, value);

    /// <summary>The value of a variable; the parser made sure that it exists.</summary>
    public object? ValueOf(string name) => _variables[IndexOf(name)].Value;

    private int IndexOf(string name) => _variables.FindLastIndex(variable => string.Equals(variable.Name, name, StringComparison.Ordinal));
}
