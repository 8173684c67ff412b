using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterDns.Kubernetes.Sources.Yaml;
using k8s.Authentication;
using k8s.KubeConfigModels;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>
/// Reads the parts of a kubeconfig file that lead to an API server. The official client's own reader refuses users
/// without credentials and `tokenFile`, and its errors name no line; what its models do well (exec plugins) is left to
/// it.
/// </summary>
internal sealed class KubeconfigFile
{
    private readonly string _path;
    private readonly YamlValue _root;
    private readonly TimeProvider _time;

    private KubeconfigFile(string path, YamlValue root, TimeProvider time)
    {
        _path = path;
        _root = root;
        _time = time;
    }

    /// <param name="context">Context to use; null for the file's current one.</param>
    /// <exception cref="SourceConfigurationException">The file cannot be read or says nothing usable.</exception>
    public static ApiEndpoint Read(string path, string? context, TimeProvider time)
    {
        YamlValue document = YamlFile.Read(path).FirstOrDefault();
        if (document.IsMissing)
        {
            throw new SourceConfigurationException(path, 1, "the file is empty, expected a kubeconfig");
        }

        return new KubeconfigFile(path, document, time).Read(context);
    }

    private ApiEndpoint Read(string? contextName)
    {
        contextName ??= _root["current-context"].RequireText("the name of a context in current-context");
        YamlValue context = Find("contexts", "context", contextName);
        YamlValue cluster = Find("clusters", "cluster", context["cluster"].RequireText("the name of a cluster"));
        string? userName = context["user"].Text();
        YamlValue user = userName is null ? default : Find("users", "user", userName);

        YamlValue server = cluster["server"];
        string url = server.RequireText("the URL of an API server in server");
        return new ApiEndpoint(ApiEndpoints.ParseUrl(url, false)
            ?? throw server.Wrong($"found '{url}', expected the URL of an API server"))
        {
            Authorities = ReadAuthorities(cluster),
            SkipTlsVerify = cluster["insecure-skip-tls-verify"].Boolean(),
            TlsServerName = cluster["tls-server-name"].Text(),
            ClientCertificate = userName is null ? null : ReadCertificate(user),
            Credentials = userName is null ? null : ReadCredentials(user),
        };
    }

    private YamlValue Find(string list, string member, string name)
    {
        foreach (YamlValue item in _root[list].Items())
        {
            if (item["name"].Text() == name)
            {
                return item[member];
            }
        }

        throw _root[list].Wrong($"found no {member} '{name}' in {list}, expected one");
    }

    private X509Certificate2Collection? ReadAuthorities(YamlValue cluster)
    {
        YamlValue at = cluster["certificate-authority-data"];
        if (ReadPem(cluster, "certificate-authority") is not { } pem)
        {
            return null;
        }

        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new SourceConfigurationException(_path, at.Line, $"expected certificates in PEM: {e.Message}", e);
        }

        return authorities.Count > 0 ? authorities : throw at.Wrong("found no certificate, expected one in PEM");
    }

    private X509Certificate2? ReadCertificate(YamlValue user)
    {
        string? certificate = ReadPem(user, "client-certificate");
        string? key = ReadPem(user, "client-key");
        if (certificate is null && key is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            string missing = key is null ? "client-key" : "client-certificate";
            throw user.Wrong($"found no {missing}, expected both or neither");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SourceConfigurationException(
                _path, user.Line, $"expected a client certificate and its key in PEM: {e.Message}", e);
        }
    }

    private ITokenProvider? ReadCredentials(YamlValue user)
    {
        // The order of client-go: a file hides a token beside it, and a plugin is asked where nothing else is given.
        if (user["tokenFile"].Text() is { } file)
        {
            return new TokenFile(Absolute(file), _time);
        }

        if (user["token"].Text() is { } token)
        {
            return FixedCredentials.Bearer(token);
        }

        if (user["username"].Text() is { } name)
        {
            return FixedCredentials.Basic(name, user["password"].Text() ?? "");
        }

        if (!user["auth-provider"].IsMissing)
        {
            throw user["auth-provider"].Wrong("found auth-provider, which clients no longer support; expected exec");
        }

        YamlValue exec = user["exec"];
        return exec.IsMissing
            ? null
            : new ExecTokenProvider(new ExternalExecution
            {
                ApiVersion = exec["apiVersion"].RequireText("an apiVersion of client.authentication.k8s.io"),
                Command = Command(exec["command"].RequireText("a command")),
                Arguments = [.. exec["args"].Texts()],
                EnvironmentVariables = [.. exec["env"].Items().Read(item => new Dictionary<string, string>
                {
                    ["name"] = item["name"].RequireText("the name of a variable"),
                    ["value"] = item["value"].Text() ?? "",
                })],
            });
    }

    /// <summary>PEM text, from NAME-data (base64) or the file of NAME; null where neither is given.</summary>
    private string? ReadPem(YamlValue from, string name)
    {
        YamlValue data = from[name + "-data"];
        if (data.Text() is { } base64)
        {
            byte[] octets = new byte[base64.Length];
            return Convert.TryFromBase64String(base64, octets, out int length)
                ? Encoding.UTF8.GetString(octets, 0, length)
                : throw data.Wrong($"expected base64 in {name}-data");
        }

        YamlValue file = from[name];
        if (file.Text() is not { } path)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(Absolute(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceConfigurationException(_path, file.Line, $"cannot read {name} '{path}': {e.Message}", e);
        }
    }

    // A command with a slash in it is relative to the file; any other is looked up in PATH.
    private string Command(string text) => text.Contains('/', StringComparison.Ordinal) ? Absolute(text) : text;

    private string Absolute(string path) =>
        Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(_path)) ?? "/");
}
