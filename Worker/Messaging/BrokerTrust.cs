using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HSENet.Dicom.Security;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Messaging;

/// <summary>
/// Decides whether the broker's certificate is believed: its name must be the configured host's, and its chain must end at the system's roots
/// or, with <c>HSENet:Queue:TlsCa</c>, at one of that file's and no other. MassTransit by itself accepts any chain.
/// </summary>
internal sealed class BrokerTrust
{
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection? _roots;

    private BrokerTrust(X509Certificate2Collection? roots)
    {
        _roots = roots;
    }

    /// <exception cref="WorkerException"><c>configuration.invalid</c>: the CA file cannot be used.</exception>
    public static BrokerTrust Load(QueueOptions options)
    {
        if (string.IsNullOrEmpty(options.TlsCa))
        {
            return new BrokerTrust(null);
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(options.TlsCa);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WorkerException("configuration.invalid", $"HSENet:Queue:TlsCa {options.TlsCa} cannot be read: {e.Message}", e);
        }

        if (roots.Select(KeyStrength.Objection).FirstOrDefault(objection => objection is not null) is { } weak)
        {
            throw new WorkerException("configuration.invalid", $"HSENet:Queue:TlsCa {options.TlsCa}: {weak}");
        }

        return roots.Count > 0
            ? new BrokerTrust(roots)
            : throw new WorkerException("configuration.invalid", $"HSENet:Queue:TlsCa {options.TlsCa} holds no certificate in PEM");
    }

    /// <summary>For <see cref="SslStream"/>.</summary>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_roots is null || certificate is not X509Certificate2 server || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return certificate is not null && errors == SslPolicyErrors.None && KeyStrength.Objection(chain) is null;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_roots);
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;     // a private CA seldom publishes a list, and a broker without one must work
        own.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(server) && KeyStrength.Objection(own) is null;
    }
}
