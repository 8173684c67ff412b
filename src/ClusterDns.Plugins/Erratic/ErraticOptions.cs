using ClusterDns.Core.Corefile;

namespace ClusterDns.Plugins.Erratic;

/// <summary>The <c>erratic</c> directive, read. Zero: never.</summary>
internal sealed class ErraticOptions
{
    private const int Default = 2;

    public int Drop { get; private set; } = Default;

    public int Truncate { get; private set; }

    public int DelayEvery { get; private set; }

    public TimeSpan Delay { get; private set; } = TimeSpan.FromMilliseconds(100);

    public bool IsLarge { get; private set; }

    public static ErraticOptions Read(Directive directive)
    {
        directive.ExpectNoArguments();
        var options = new ErraticOptions();
        foreach (var property in directive.Properties)
        {
            switch (property.Name)
            {
                case "drop":
                    options.Drop = ReadAmount(property, words: 1);
                    break;
                case "truncate":
                    options.Truncate = ReadAmount(property, words: 1);
                    break;
                case "delay":
                    options.DelayEvery = ReadAmount(property, words: 2);
                    if (property.Arguments.Count > 1)
                    {
                        options.Delay = property.Arguments[1].ParseDuration();
                    }

                    break;
                case "large":
                    options.IsLarge = true;
                    break;
                default:
                    throw property.UnknownProperty("drop", "truncate", "delay", "large");
            }
        }

        return options;
    }

    private static int ReadAmount(Directive property, int words)
    {
        property.ExpectArguments(0, words);
        return property.Arguments.Count > 0 ? property.Arguments[0].ParseInt(min: 0) : Default;
    }
}
