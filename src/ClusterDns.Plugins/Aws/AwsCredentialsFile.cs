namespace ClusterDns.Plugins.Aws;

/// <summary>Reads an access key from a file of profiles (<c>~/.aws/credentials</c>).</summary>
internal static class AwsCredentialsFile
{
    /// <summary>Null where the file, the profile or the key in it is missing.</summary>
    public static AwsCredentials? Read(string path, string profile)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isProfile = false;
        foreach (var line in lines.Select(static line => line.Trim()))
        {
            if (line is ['[', .. var name, ']'])
            {
                isProfile = name.Trim() == profile;
            }
            else if (isProfile && line.Length > 0 && line[0] is not ('#' or ';') && line.Split('=', 2) is [var key, var value])
            {
                values[key.Trim()] = value.Trim();
            }
        }

        return values.TryGetValue("aws_access_key_id", out var accessKey) && values.TryGetValue("aws_secret_access_key", out var secretKey)
            ? new AwsCredentials(accessKey, secretKey, values.GetValueOrDefault("aws_session_token"))
            : null;
    }
}
