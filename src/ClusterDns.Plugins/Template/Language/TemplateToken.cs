namespace ClusterDns.Plugins.Template.Language;

/// <summary>A piece of a template.</summary>
/// <param name="IsSpaced">Blank space stands before it: <c>$x .Name</c> are two operands, <c>$x.Name</c> is one.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, bool IsSpaced);
