using System.Net;

namespace HSENet.Worker.Configuration;

/// <summary>The web side. Bound from <c>HSENet:Web</c>.</summary>
internal sealed class WebOptions
{
    private const string Section = "HSENet:Web";

    /// <summary>
    /// Address of previews, <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, of every process whatever its roles; port 0 takes a free one, empty: no web.
    /// Default http://127.0.0.1:8080.
    /// </summary>
    public string Url { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Sign-in, which is not there yet: whatever is set here, only loopback addresses are allowed. Default none.</summary>
    public WebAuthOptions Auth { get; set; } = new();

    public bool IsEnabled => !string.IsNullOrWhiteSpace(Url);

    public IEnumerable<string> Validate()
    {
        if (!IsEnabled)
        {
            yield break;
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            yield return $"{Section}:Url must be an http or https address";
        }
        else if (!IsLoopback(url))
        {
            yield return $"{Section}:Url must be a loopback address: there is no sign-in yet";
        }

        if (!string.IsNullOrEmpty(Auth.Authority) && string.IsNullOrEmpty(Auth.ClientId))
        {
            yield return $"{Section}:Auth:ClientId is missing";
        }
    }

    private static bool IsLoopback(Uri url) =>
        string.Equals(url.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>OpenID Connect; without effect as yet. Bound from <c>HSENet:Web:Auth</c>.</summary>
internal sealed class WebAuthOptions
{
    /// <summary>Address of the sign-in provider. Default none.</summary>
    public string? Authority { get; set; }

    /// <summary>What the provider knows this service by. Default none.</summary>
    public string? ClientId { get; set; }

    /// <summary>The service's secret at the provider. Default none; give it by the environment.</summary>
    public string? ClientSecret { get; set; }
}
