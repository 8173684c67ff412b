namespace ClusterDns.Plugins.Template.Language;

/// <summary>A template that cannot be compiled; the message says why in one phrase.</summary>
internal sealed class TemplateSyntaxException(string message) : Exception(message);
