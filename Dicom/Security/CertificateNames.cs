using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>The names that a certificate bears: its DNS names (RFC 5280 section 4.2.1.6), and the common name of its subject.</summary>
internal static class CertificateNames
{
    public static IReadOnlyList<string> Of(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return [];
        }

        using var full = new X509Certificate2(certificate);
        var alternatives = full.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());
        return [.. alternatives.Append(full.GetNameInfo(X509NameType.SimpleName, forIssuer: false)).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
