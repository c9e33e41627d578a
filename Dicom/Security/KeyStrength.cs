using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>The least sizes of keys in certificates: 2048 bits for RSA, 224 for elliptic curves (BCP 195, RFC 9325 section 4.5).</summary>
public static class KeyStrength
{
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 224;

    /// <returns>What is wrong with the certificate's key; null when nothing is.</returns>
    public static string? Objection(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < LeastRsaBits and var bits })
        {
            return $"its RSA key has {bits} bits, fewer than {LeastRsaBits}";
        }

        using var curve = certificate.GetECDsaPublicKey();
        return curve is { KeySize: < LeastCurveBits and var curveBits } ? $"its elliptic-curve key has {curveBits} bits, fewer than {LeastCurveBits}" : null;
    }

    /// <returns>The first objection to a certificate of the chain; null when there is none.</returns>
    public static string? Objection(X509Chain? chain) =>
        chain?.ChainElements.Select(element => Objection(element.Certificate)).FirstOrDefault(objection => objection is not null);
}
