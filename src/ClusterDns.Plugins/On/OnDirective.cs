using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.On;

/// <summary>Runs a command when the server starts to serve or ends.</summary>
internal static class OnDirective
{
    public static string Name => "on";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        foreach (var directive in directives)
        {
            directive.ExpectArguments(1);
            directive.ExpectNoBlock();
            var words = EventCommand.Split(string.Join(' ', directive.Arguments.Skip(1).Select(static word => word.Text)));
            if (words.Count == 0 || words is ["&"])
            {
                throw directive.Error("no command contained in input, expected one behind the event");
            }

            Register(directive.Arguments[0], new EventCommand(words, block.Services), block);
        }

        return null;
    }

    private static void Register(Token word, EventCommand command, BlockContext block)
    {
        switch (word.Text.ToLowerInvariant())
        {
            case "startup":
                block.OnServing(async _ => await command.RunAsync());
                break;
            case "shutdown":
                block.OnFinalShutdown(command.RunAsync);
                break;
            case "certrenew":
                // Certificates are renewed by whoever writes them, never by this server.
                break;
            default:
                throw word.Unexpected("an event: startup, shutdown or certrenew");
        }
    }
}
