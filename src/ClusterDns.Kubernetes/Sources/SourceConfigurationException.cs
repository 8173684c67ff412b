namespace ClusterDns.Kubernetes.Sources;

/// <summary>
/// A file or an option of the operator's is wrong: where, what was found and what was expected, in one line.
/// </summary>
internal sealed class SourceConfigurationException : Exception
{
    public SourceConfigurationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    public SourceConfigurationException(string file, long line, string message, Exception? inner = null)
        : base($"{file}:{line}: {message}", inner)
    {
    }
}
