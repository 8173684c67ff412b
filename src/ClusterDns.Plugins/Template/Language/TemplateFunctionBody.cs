namespace ClusterDns.Plugins.Template.Language;

/// <summary>What a function does; errors go to <see cref="TemplateRun.Fail"/>.</summary>
internal delegate object? TemplateFunctionBody(TemplateRun run, ReadOnlySpan<object?> arguments);
