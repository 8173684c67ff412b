namespace ClusterDns.Plugins.Template.Language;

/// <summary>A function that templates may call.</summary>
internal sealed record TemplateFunction(int LeastArguments, int MostArguments, TemplateFunctionBody Call);
