namespace ClusterDns.Plugins.Tls;

/// <summary>What is asked of clients (<c>client_auth</c>).</summary>
internal enum ClientCertificates : byte
{
    /// <summary><c>nocert</c></summary>
    None,

    /// <summary><c>request</c>: asked for, taken as it is, and may be missing.</summary>
    Request,

    /// <summary><c>require</c>: must be there; who signed it does not matter.</summary>
    Require,

    /// <summary><c>verify_if_given</c>: may be missing, else must lead to the CA.</summary>
    VerifyIfGiven,

    /// <summary><c>require_and_verify</c></summary>
    RequireAndVerify,
}
