using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Presentation;

/// <summary>The fields of each type that has a presentation form of its own, in the order of text and wire.</summary>
internal static class RdataFields
{
    /// <summary>Empty for types known only by RFC 3597.</summary>
    public static ReadOnlySpan<RdataField> Of(RecordType type) => type switch
    {
        RecordType.A => [RdataField.IPv4Address],
        RecordType.AAAA => [RdataField.IPv6Address],
        RecordType.NS or RecordType.CNAME or RecordType.DNAME or RecordType.PTR or RecordType.MB or RecordType.MD
            or RecordType.MF or RecordType.MG or RecordType.MR or RecordType.NSAPPTR => [RdataField.Name],
        RecordType.SOA => [RdataField.Name, RdataField.Name, RdataField.UInt32,
            RdataField.Seconds, RdataField.Seconds, RdataField.Seconds, RdataField.Seconds],
        RecordType.MX or RecordType.AFSDB or RecordType.RT or RecordType.KX or RecordType.LP =>
            [RdataField.UInt16, RdataField.Name],
        RecordType.PX => [RdataField.UInt16, RdataField.Name, RdataField.Name],
        RecordType.RP or RecordType.MINFO or RecordType.TALINK => [RdataField.Name, RdataField.Name],
        RecordType.TXT or RecordType.SPF or RecordType.NINFO or RecordType.AVC or RecordType.RESINFO or RecordType.WALLET =>
            [RdataField.Strings],
        RecordType.HINFO => [RdataField.String, RdataField.String],
        RecordType.X25 => [RdataField.String],
        RecordType.ISDN => [RdataField.String, RdataField.OptionalString],
        RecordType.GPOS => [RdataField.String, RdataField.String, RdataField.String],
        RecordType.SRV => [RdataField.UInt16, RdataField.UInt16, RdataField.UInt16, RdataField.Name],
        RecordType.NAPTR => [RdataField.UInt16, RdataField.UInt16,
            RdataField.String, RdataField.String, RdataField.String, RdataField.Name],
        RecordType.CAA => [RdataField.UInt8, RdataField.Tag, RdataField.QuotedRest],
        RecordType.URI => [RdataField.UInt16, RdataField.UInt16, RdataField.QuotedRest],
        RecordType.SVCB or RecordType.HTTPS => [RdataField.UInt16, RdataField.Name, RdataField.ServiceParameters],
        RecordType.DSYNC => [RdataField.Type, RdataField.UInt8, RdataField.UInt16, RdataField.Name],
        RecordType.LOC => [RdataField.Location],
        RecordType.APL => [RdataField.AddressPrefixes],
        RecordType.IPSECKEY => [RdataField.IpsecKey],
        RecordType.HIP => [RdataField.HostIdentity],
        RecordType.NID or RecordType.L64 => [RdataField.UInt16, RdataField.Locator64],
        RecordType.L32 => [RdataField.UInt16, RdataField.IPv4Address],
        RecordType.EUI48 => [RdataField.Eui48],
        RecordType.EUI64 => [RdataField.Eui64],
        _ => OfSecurity(type),
    };

    private static ReadOnlySpan<RdataField> OfSecurity(RecordType type) => type switch
    {
        RecordType.DS or RecordType.CDS or RecordType.DLV or RecordType.TA =>
            [RdataField.UInt16, RdataField.Algorithm, RdataField.UInt8, RdataField.HexRest],
        RecordType.DNSKEY or RecordType.CDNSKEY or RecordType.KEY or RecordType.RKEY =>
            [RdataField.UInt16, RdataField.UInt8, RdataField.Algorithm, RdataField.Base64Rest],
        RecordType.RRSIG or RecordType.SIG => [RdataField.Type, RdataField.Algorithm, RdataField.UInt8, RdataField.Seconds,
            RdataField.Timestamp, RdataField.Timestamp, RdataField.UInt16, RdataField.Name, RdataField.Base64Rest],
        RecordType.NSEC => [RdataField.Name, RdataField.TypeBitmap],
        RecordType.NSEC3 => [RdataField.UInt8, RdataField.UInt8, RdataField.UInt16,
            RdataField.Salt, RdataField.HashedName, RdataField.TypeBitmap],
        RecordType.NSEC3PARAM => [RdataField.UInt8, RdataField.UInt8, RdataField.UInt16, RdataField.Salt],
        RecordType.CSYNC => [RdataField.UInt32, RdataField.UInt16, RdataField.TypeBitmap],
        RecordType.ZONEMD => [RdataField.UInt32, RdataField.UInt8, RdataField.UInt8, RdataField.HexRest],
        RecordType.TLSA or RecordType.SMIMEA =>
            [RdataField.UInt8, RdataField.UInt8, RdataField.UInt8, RdataField.HexRest],
        RecordType.SSHFP => [RdataField.UInt8, RdataField.UInt8, RdataField.HexRest],
        RecordType.CERT => [RdataField.CertificateType, RdataField.UInt16, RdataField.Algorithm, RdataField.Base64Rest],
        RecordType.OPENPGPKEY or RecordType.DHCID => [RdataField.Base64Rest],
        _ => [],
    };
}
