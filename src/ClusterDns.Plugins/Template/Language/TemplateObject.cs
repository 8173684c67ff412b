namespace ClusterDns.Plugins.Template.Language;

/// <summary>Something with fields that a template reads: the query, its question, its message.</summary>
internal abstract class TemplateObject
{
    /// <summary>False where there is no such field.</summary>
    public abstract bool TryGetField(string name, out object? value);

    /// <summary>Calls a method; false where there is none of that name that takes one string.</summary>
    public virtual bool TryCall(string name, string argument, out object? value)
    {
        value = null;
        return false;
    }
}
