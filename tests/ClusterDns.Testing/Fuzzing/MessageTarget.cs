using ClusterDns.Core.Pipeline;
using ClusterDns.Testing.Chains;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>A request from a client, through a chain that answers from memory, and back.</summary>
internal static class MessageTarget
{
    private const string Corefile = """
        . {
            errors
            cache 30
            loadbalance
            rewrite name suffix .rewritten.example.org .example.org answer auto
            chaos
            template IN A template.example.org {
                match "(?P<octet>[0-9]+)\.template\.example\.org\."
                answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.octet }}"
                fallthrough
            }
            hosts {
                10.0.0.1 www.example.org mail.example.org
                2001:db8::1 www.example.org
                fallthrough
            }
            whoami
        }
        """;

    private static readonly ChainHarness Chain = new(Corefile);
    private static readonly QueryContext Query = new();
    private static readonly byte[] Output = new byte[ushort.MaxValue];

    public static void Run(byte[] octets)
    {
        if (octets.Length is 0 or > FuzzTarget.MaxInput)
        {
            return;
        }

        if (Chain.RunAsync(Query, octets).GetAwaiter().GetResult())
        {
            var length = ResponseWriter.ForThread.Write(Query, Output);

            if (length < 12 || Output[0] != octets[0] || Output[1] != octets[1] || (Output[2] & 0x80) == 0)
            {
                throw new InvalidOperationException("what was written is no reply to what was read");
            }

            WrittenMessage.Check(Output.AsSpan(0, length));
        }
    }
}
