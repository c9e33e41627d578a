using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>Certificates of the authorities whose word is taken, from one PEM file.</summary>
public sealed class TlsAuthorities
{
    private TlsAuthorities(X509Certificate2Collection certificates)
    {
        Certificates = certificates;
    }

    internal X509Certificate2Collection Certificates { get; }

    /// <exception cref="HSENetDicomException"><c>tls.authorities</c>: the file cannot be read, has no certificate, or one with a key that
    /// is too short.</exception>
    public static TlsAuthorities Load(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new HSENetDicomException("tls.authorities", $"{file} cannot be read: {e.Message}", e);
        }

        if (certificates.Select(KeyStrength.Objection).FirstOrDefault(objection => objection is not null) is { } weak)
        {
            throw new HSENetDicomException("tls.authorities", $"a certificate of {file} cannot be trusted: {weak}");
        }

        return certificates.Count > 0
            ? new TlsAuthorities(certificates)
            : throw new HSENetDicomException("tls.authorities", $"{file} holds no certificate in PEM form");
    }
}
