using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.TestKit;

/// <summary>A certificate authority of a test: certificates and keys as PEM files in a folder of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly TempFolder _folder = new("authority");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private int _count;

    /// <summary>Makes the authority.</summary>
    public TestAuthority(string name = "Test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-100), DateTimeOffset.UtcNow.AddDays(1000));
        File = _folder.Path("ca.pem");
        System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string File { get; }

    /// <summary>Issues a certificate for server and client use, valid for the next <paramref name="days"/> (negative: it ended so many days ago).</summary>
    /// <param name="commonName">Its subject.</param>
    /// <param name="names">DNS names or addresses; none: 127.0.0.1 and localhost.</param>
    /// <param name="days">See above.</param>
    /// <param name="rsaBits">Size of an RSA key; 0: a key on the curve P-256.</param>
    public (string Certificate, string Key) Issue(string commonName = "node", IReadOnlyList<string>? names = null, int days = 365, int rsaBits = 0)
    {
        using AsymmetricAlgorithm key = rsaBits > 0 ? RSA.Create(rsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={commonName}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={commonName}", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication, ClientAuthentication], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names ?? ["127.0.0.1", "localhost"])
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        var end = DateTimeOffset.UtcNow.AddDays(days);
        using var certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), end.AddDays(-Math.Max(days, 0) - 1), end, RandomNumberGenerator.GetBytes(8));
        var number = ++_count;
        var (certificateFile, keyFile) = (_folder.Path($"{number}.pem"), _folder.Path($"{number}.key"));
        System.IO.File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    /// <summary>Writes the list of what this authority has revoked.</summary>
    /// <param name="file">Its file, PEM; replaced.</param>
    /// <param name="days">Its next update, from now (negative: it should have been replaced so many days ago).</param>
    /// <param name="revoked">Files of certificates.</param>
    public void WriteRevocationList(string file, int days = 7, params IReadOnlyList<string> revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var name in revoked)
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(name);
            builder.AddEntry(certificate);
        }

        var next = DateTimeOffset.UtcNow.AddDays(days);
        var list = builder.Build(_certificate, ++_count, next, HashAlgorithmName.SHA256, thisUpdate: next.AddDays(-30));
        System.IO.File.WriteAllText(file, PemEncoding.WriteString("X509 CRL", list));
        System.IO.File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(_count)); // two lists of one moment are told apart
    }

    /// <summary>Options of DCMTK's programs for a certificate of this authority, trusting it (or <paramref name="trusted"/>).</summary>
    public IReadOnlyList<string> DcmtkOptions((string Certificate, string Key) own, TestAuthority? trusted = null) =>
        ["+tls", own.Key, own.Certificate, "+cf", (trusted ?? this).File];

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
