namespace ClusterDns.Plugins.Template.Language;

/// <summary>What a piece of a template is.</summary>
internal enum TemplateTokenKind
{
    /// <summary>What stands outside of actions.</summary>
    Text,

    /// <summary><c>{{</c></summary>
    Open,

    /// <summary><c>}}</c></summary>
    Close,

    /// <summary>A keyword, a function, <c>true</c>, <c>nil</c>.</summary>
    Word,

    /// <summary><c>.Name</c>, without its dot.</summary>
    Field,

    /// <summary>A dot alone.</summary>
    Dot,

    /// <summary><c>$x</c> or <c>$</c>, with the dollar sign.</summary>
    Variable,

    /// <summary>A string or a character between quotes, as written.</summary>
    Quoted,

    Number,

    /// <summary><c>|</c></summary>
    Pipe,

    /// <summary><c>:=</c></summary>
    Declare,

    /// <summary><c>=</c></summary>
    Assign,

    Comma,

    LeftParenthesis,

    RightParenthesis,
}
