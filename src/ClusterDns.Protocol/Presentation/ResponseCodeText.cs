using System.Globalization;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Protocol.Presentation;

/// <summary>RCODE mnemonics (IANA, DNS RCODEs) as logs and metrics write them: <c>NXDOMAIN</c>; a number where there is none.</summary>
public static class ResponseCodeText
{
    private static readonly string?[] Names =
    [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
        "DSOTYPENI", null, null, null, null, "BADVERS", "BADKEY", "BADTIME", "BADMODE", "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE",
    ];

    /// <summary>A constant for every assigned code: costs nothing per query.</summary>
    public static string Format(ResponseCode code) =>
        (int)code < Names.Length && Names[(int)code] is { } name ? name : ((int)code).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a mnemonic, whatever its case, or a number.</summary>
    public static bool TryParse(string text, out ResponseCode code)
    {
        var index = Array.FindIndex(Names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            code = (ResponseCode)index;
            return true;
        }

        var isNumber = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 4096;
        code = (ResponseCode)number;
        return isNumber;
    }
}
