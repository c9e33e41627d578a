namespace HSENet.Worker.Configuration;

/// <summary>TLS 1.2 and 1.3 after BCP 195. Bound from <c>HSENet:Dicom:Tls</c>. Files are read at start.</summary>
internal sealed class DicomTlsOptions
{
    private const string Section = "HSENet:Dicom:Tls";

    /// <summary>A TLS listener of the SCP. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// PEM file: our certificate, then intermediate ones. Also shown to destinations that ask for one, whether or not there is a TLS listener. Default none.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the certificate's key, not encrypted. Default none.</summary>
    public string? Key { get; set; }

    /// <summary>PEM file with the authorities of client certificates; makes TLS mutual. Default none: no client certificate is asked for.</summary>
    public string? ClientCa { get; set; }

    /// <summary>
    /// File with revocation lists of those authorities, PEM or DER; read again when it changes. A client certificate whose issuer has no list in it is refused. Default
    /// none: revocation is not looked at.
    /// </summary>
    public string? ClientCrl { get; set; }

    /// <summary>
    /// Port of the TLS listener, beside that of <c>HSENet:Dicom:Port</c>; 0 takes a free one. The same number as that (and not 0) means TLS only: there is no
    /// plain listener. Default 2762.
    /// </summary>
    public int Port { get; set; } = 2762;

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Certificate) != string.IsNullOrWhiteSpace(Key))
        {
            yield return $"{Section}:Certificate and {Section}:Key go together";
        }
        else if (Enabled && string.IsNullOrWhiteSpace(Certificate))
        {
            yield return $"{Section}:Enabled needs {Section}:Certificate and {Section}:Key";
        }

        if (!string.IsNullOrWhiteSpace(ClientCrl) && string.IsNullOrWhiteSpace(ClientCa))
        {
            yield return $"{Section}:ClientCrl needs {Section}:ClientCa";
        }

        if (Port is < 0 or > 65535)
        {
            yield return $"{Section}:Port must be 0 to 65535";
        }
    }
}
