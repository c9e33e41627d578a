using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Certificate = Org.BouncyCastle.X509.X509Certificate;

namespace HSENet.Dicom.Security;

/// <summary>
/// The certificate revocation lists (RFC 5280 section 5) of one file. A certificate of the chain that a list names is refused; so is one
/// whose issuer has no list in the file, since nobody could tell. A list past its next update still counts: what it revokes stays revoked.
/// A changed file is read again.
/// </summary>
public sealed class TlsRevocation
{
    private readonly string _file;
    private readonly Lock _lock = new();
    private Lists _lists;

    private TlsRevocation(string file, Lists lists)
    {
        _file = file;
        _lists = lists;
    }

    private sealed record Lists(DateTime Written, IReadOnlyList<X509Crl> Items);

    /// <summary>The earliest time at which one of the lists should have been replaced; null when no list says.</summary>
    public DateTimeOffset? NextUpdate => Current().Items.Min(list => list.NextUpdate is { } time ? new DateTimeOffset(time.ToUniversalTime()) : (DateTimeOffset?)null);

    /// <param name="file">Lists in PEM, one after the other, or one in DER.</param>
    /// <exception cref="HSENetDicomException"><c>tls.revocation</c>: the file cannot be read or has no list.</exception>
    public static TlsRevocation Load(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new TlsRevocation(file, Read(file));
    }

    /// <param name="chain">A chain that was built and is trusted: the certificate first, the root last.</param>
    /// <returns>Why the chain is not accepted; null when it is.</returns>
    internal string? Objection(X509Chain? chain)
    {
        var lists = Current().Items;
        var certificates = (chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>()).Select(Parse).ToList();
        for (var i = 0; i + 1 < certificates.Count; i++)
        {
            var (certificate, issuer) = (certificates[i], certificates[i + 1]);
            var own = lists.Where(list => list.IssuerDN.Equivalent(certificate.IssuerDN) && IsSignedBy(list, issuer)).ToList();
            if (own.Count == 0)
            {
                return "there is no revocation list of its issuer";
            }

            if (own.Exists(list => list.IsRevoked(certificate)))
            {
                return "it has been revoked";
            }
        }

        return null;
    }

    private static Certificate Parse(X509ChainElement element) => new(element.Certificate.RawData);

    private static bool IsSignedBy(X509Crl list, Certificate issuer)
    {
        try
        {
            list.Verify(issuer.GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The lists as the file has them now; those read last when it cannot be used at the moment (it is being replaced).</summary>
    private Lists Current()
    {
        lock (_lock)
        {
            if (File.GetLastWriteTimeUtc(_file) != _lists.Written)
            {
                try
                {
                    _lists = Read(_file);
                }
                catch (HSENetDicomException)
                {
                    // check, which reads it afresh, tells of it
                }
            }

            return _lists;
        }
    }

    private static Lists Read(string file)
    {
        try
        {
            var written = File.GetLastWriteTimeUtc(file);
            var lists = new X509CrlParser().ReadCrls(File.ReadAllBytes(file));
            return lists.Count > 0 ? new Lists(written, [.. lists]) : throw new HSENetDicomException("tls.revocation", $"{file} holds no revocation list");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GeneralSecurityException or ArgumentException)
        {
            throw new HSENetDicomException("tls.revocation", $"{file} cannot be read: {e.Message}", e);
        }
    }
}
