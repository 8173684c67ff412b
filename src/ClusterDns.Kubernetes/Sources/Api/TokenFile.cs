using System.Net.Http.Headers;
using k8s.Authentication;

namespace ClusterDns.Kubernetes.Sources.Api;

/// <summary>
/// A token in a file that somebody else renews: read again every minute, so that a new one is in use long before the
/// old one expires.
/// </summary>
internal sealed class TokenFile(string path, TimeProvider time) : ITokenProvider
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _header;
    private long _readAt;

    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_header is null || time.GetElapsedTime(_readAt) >= Age)
            {
                try
                {
                    _header = new AuthenticationHeaderValue("Bearer", File.ReadAllText(path).Trim());
                    _readAt = time.GetTimestamp();
                }
                catch (Exception e) when (_header is not null && e is IOException or UnauthorizedAccessException)
                {
                    // The file is being replaced: the old token serves until the next request looks again.
                }
            }

            return Task.FromResult(_header);
        }
    }

    /// <summary>The server refused the token: the next request reads the file again.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _header = null;
        }
    }
}
