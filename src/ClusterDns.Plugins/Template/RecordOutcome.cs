namespace ClusterDns.Plugins.Template;

/// <summary>What became of a record's template.</summary>
internal enum RecordOutcome
{
    Made,

    /// <summary>The template stopped with an error.</summary>
    TemplateFailed,

    /// <summary>What the template wrote is not a record.</summary>
    RecordFailed,
}
