using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>Our own certificate with its key, and the intermediate ones that its file has after it.</summary>
public sealed class TlsCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private TlsCertificate(X509Certificate2 certificate, X509Certificate2Collection file)
    {
        _certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, file, offline: true);
    }

    public DateTimeOffset NotBefore => _certificate.NotBefore.ToUniversalTime();

    public DateTimeOffset NotAfter => _certificate.NotAfter.ToUniversalTime();

    internal SslStreamCertificateContext Context { get; }

    /// <param name="certificateFile">PEM: the certificate first, then intermediate ones.</param>
    /// <param name="keyFile">PEM, not encrypted.</param>
    /// <exception cref="HSENetDicomException"><c>tls.certificate</c>: a file cannot be read, the key is not that of the certificate, or it
    /// is too short.</exception>
    public static TlsCertificate Load(string certificateFile, string keyFile)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        ArgumentNullException.ThrowIfNull(keyFile);
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (KeyStrength.Objection(certificate) is { } objection)
            {
                certificate.Dispose();
                throw new HSENetDicomException("tls.certificate", $"{certificateFile}: {objection}");
            }

            var file = new X509Certificate2Collection();
            file.ImportFromPemFile(certificateFile);
            return new TlsCertificate(certificate, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new HSENetDicomException("tls.certificate", $"{certificateFile} with {keyFile}: {e.Message}", e);
        }
    }

    public void Dispose() => _certificate.Dispose();
}
