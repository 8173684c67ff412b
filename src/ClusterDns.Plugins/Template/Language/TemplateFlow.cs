namespace ClusterDns.Plugins.Template.Language;

/// <summary>How a part of a template ended.</summary>
internal enum TemplateFlow
{
    Next,

    /// <summary>Leave the loop around it.</summary>
    Break,

    /// <summary>Go to the next turn of the loop around it.</summary>
    Continue,

    /// <summary>Stop: <see cref="TemplateRun.Error"/> says why.</summary>
    Failed,
}
