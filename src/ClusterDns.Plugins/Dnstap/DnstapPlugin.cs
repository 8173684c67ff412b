using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>Tells of queries and responses in dnstap's form, to those who listen for it or come for it.</summary>
internal sealed class DnstapPlugin(IQueryHandler next, DnstapTap[] taps) : IPlugin
{
    public static string Name => "dnstap";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var taps = directives.Select(directive => Create(directive, block)).ToArray();
        return next => new DnstapPlugin(next, taps);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        foreach (var tap in taps)
        {
            tap.Query(query);
        }

        var running = next.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, query);
        }

        Respond(query);
        return ValueTask.CompletedTask;
    }

    private static DnstapTap Create(Directive directive, BlockContext block)
    {
        var options = DnstapDirective.Read(directive, block);
        IDnstapOutput output = options.Listens
            ? new DnstapListener(options, block.Services)
            : new DnstapConnector(options, block.Services);
        var tap = new DnstapTap(options, output, block.Services);
        block.Export(tap);
        block.OnStartup(_ =>
        {
            try
            {
                output.Start();
            }
            catch (IOException exception)
            {
                throw directive.Error(exception.Message);
            }

            return ValueTask.CompletedTask;
        });
        block.OnShutdown(output.StopAsync);
        return tap;
    }

    private async ValueTask AwaitAsync(ValueTask running, QueryContext query)
    {
        await running;
        Respond(query);
    }

    private void Respond(QueryContext query)
    {
        foreach (var tap in taps)
        {
            tap.Response(query);
        }
    }
}
