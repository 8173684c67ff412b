using System.Net.Http.Headers;
using System.Text;
using k8s.Authentication;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>Credentials that stand in the configuration itself.</summary>
internal sealed class FixedCredentials(AuthenticationHeaderValue header) : ITokenProvider
{
    public static FixedCredentials Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static FixedCredentials Basic(string user, string password) => new(new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        Task.FromResult(header);
}
