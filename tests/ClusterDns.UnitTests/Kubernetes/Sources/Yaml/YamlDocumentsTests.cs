using System.Text;
using ClusterDns.Kubernetes.Sources.Yaml;
using Xunit;
using YamlDotNet.Core;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Yaml;

/// <summary>What our reader of plain YAML makes of a text is what the library makes of it, lines included.</summary>
public sealed class YamlDocumentsTests
{
    private const string Manifest = """
        # a comment
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop, labels: {app: web, "tier": 'front'}}
        spec:
          clusterIPs: [10.96.0.7, "fd00::7"]   # two
          ports:
          - name: http
            port: 80
          - {name: dns, port: 53, protocol: UDP}
          selector:
            app: web
          empty:
          externalName: http://example.org:80/a#b
          list:
            - - 1
              - 2
            -
              a: b
            - c: d
              e: f
          flow: {
              a: [1,
                2],
              b: {}
            }
        ---
        kind: Namespace
        metadata:
          name: shop
        """;

    private static readonly string[] Texts =
    [
        Manifest,
        "",
        "# nothing\n",
        "---\n---\na: b\n",
        "--- # first\na: b\n--- \nc: d\n---",
        "--- {a: b}\n---\nc: d\n",
        "a: b\n...\n---\nc: d\n",
        "%YAML 1.2\n---\na: b\n---\nc: d\n",
        "a: |\n  text\n  ---\n  more\nb: c\n---\nd: e\n",
        "a: >-\n  folded\n  text\n",
        "a: &x {b: c}\nd: *x\n",
        "a: !!str 1\n",
        "a: plain\n  goes on\nb: c\n",
        "a: \"b\\n\\\"c\\u0041\"\n",
        "a: 'it''s'\n",
        "a: \"two\n  lines\"\n",
        "{\"a\": \"b\", \"c\": [1, 2, {\"d\": null}]}",
        "{\n  \"a\": \"b\",\n  \"c\": [\n    1\n  ]\n}\n",
        "{\"a\":1}",
        "? a\n: b\n",
        "a: b: c\n",
        "a: - b\n",
        "a: b\na: c\n",
        "{a: b, a: c}\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b\n c: d\n",
        "  a: b\n  c: d\n",
        "- a\n- b: c\n  d: e\n-\n- f\n",
        "a: b #c\nd: e#f\n\"g\": 'h' # i\n",
        "a: {b: c, }\n",
        "a: [b, , c]\n",
        "a: [b: c]\n",
        "a: {b, c: d}\n",
        "a: {b:c}\n",
        "a: [x?y, -1, a:b, http://c]\n",
        "a: ~\nb: null\nc: ''\nd: \"null\"\n",
        "a: @b\n",
        "a: b\r\nc: d\r\n",
        "a:\tb\n",
        "ключ: значение\n",
        "a: {\nb: c}\n",
        "text\n",
        "two\nlines\n",
        "\"quoted\": \"key\"\n",
        "-a: b\n-1: c\n",
        "a:  \n\n\n  b:  c  \n",
        "a: [b]: c\n",
        "a: 'b' c\n",
        "a: ]\n",
        "a: {b: c\n",
        "key with spaces : value with spaces\n",
        "a: -\n",
        "a: --- b\n",
        "---a: b\n",
        "a: b\n---c\n",
    ];

    public static TheoryData<string> All => [.. Texts];

    [Theory]
    [MemberData(nameof(All))]
    public void Next_reads_what_the_library_reads(string text) => Assert.Equal(Expected(text), Actual(text));

    [Fact]
    public void Next_reads_what_the_library_reads_of_texts_cut_and_mixed()
    {
        Random random = new(2300); // a seed, so that a failure is one again
        int read = 0;
        for (int round = 0; round < 6000; round++)
        {
            StringBuilder text = new(Texts[random.Next(Texts.Length)]);
            for (int change = random.Next(4); change >= 0 && text.Length > 0; change--)
            {
                int at = random.Next(text.Length);
                _ = random.Next(4) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, "{}[]:,-#\n 'a\""[random.Next(13)]),
                    2 => text.Insert(at, text.ToString(at, Math.Min(random.Next(9), text.Length - at))),
                    _ => text.Remove(at, Math.Min(random.Next(9), text.Length - at)),
                };
            }

            string mixed = text.ToString();
            string expected = Expected(mixed);
            read += expected.StartsWith("wrong", StringComparison.Ordinal) ? 0 : 1;
            Assert.True(expected == Actual(mixed), $"{mixed}\n=== the library:\n{expected}\n=== here:\n{Actual(mixed)}");
        }

        Assert.InRange(read, 1500, 6000);
    }

    [Fact]
    public void TryRead_needs_no_library_for_what_manifests_are_written_in()
    {
        foreach (string text in Manifest.Split("---\n"))
        {
            YamlTree tree = new(new YamlTexts());
            Assert.True(PlainYaml.TryRead(text.ToCharArray(), 0, text.Length, 1, tree));
            Assert.NotEqual(0, tree.Count);
        }
    }

    [Fact]
    public void Next_finds_documents_larger_than_its_room_and_markers_across_its_edge()
    {
        StringBuilder text = new();
        for (int document = 0; document < 300; document++)
        {
            text.Append("---\nname: d").Append(document).Append('\n');
            text.Append("fill: ").Append('x', document * 7 % 1100 * (document == 250 ? 100 : 1)).Append('\n');
        }

        List<string?> names = [];
        using YamlDocuments documents = new(new OctetByOctet(text.ToString()));
        while (documents.Next() is { } document)
        {
            names.Add(document.Root.Find("name").Text);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(document => $"d{document}"), names);
    }

    private static string Expected(string text)
    {
        try
        {
            return string.Concat(YamlGraph.Read(new StringReader(text), 0, new YamlTexts()).Select(tree => Show(tree.Root)));
        }
        catch (YamlException)
        {
            return "wrong";
        }
    }

    private static string Actual(string text)
    {
        try
        {
            // A document is gone when the next one is read.
            StringBuilder shown = new();
            using YamlDocuments documents = new(new StringReader(text));
            while (documents.Next() is { } document)
            {
                shown.Append(Show(document.Root));
            }

            return shown.ToString();
        }
        catch (YamlException)
        {
            return "wrong";
        }
    }

    // Documents without anything are left out by the one, and shown by the other.
    private static string Show(YamlNode root) =>
        root is { Kind: YamlTreeKind.Scalar, Text: "" } ? "" : Show(root, new StringBuilder()).Append('\n').ToString();

    private static StringBuilder Show(YamlNode node, StringBuilder shown)
    {
        // Where nothing stands is nowhere in particular.
        shown.Append(node.Text is "" ? 0 : node.Line).Append(node.IsPlain ? "=" : ":").Append(node.Kind.ToString()[0]).Append(node.Text).Append('(');
        foreach (YamlNode child in node.Children)
        {
            Show(child, shown.Append(' '));
        }

        return shown.Append(')');
    }

    /// <summary>Gives one character a call, as a slow file would.</summary>
    private sealed class OctetByOctet(string text) : StringReader(text)
    {
        public override int Read(char[] buffer, int index, int count) => base.Read(buffer, index, Math.Min(count, 1));
    }
}
