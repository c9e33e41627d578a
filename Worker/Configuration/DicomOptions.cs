using System.Net;

namespace HSENet.Worker.Configuration;

/// <summary>The SCP and who may call it. Bound from <c>HSENet:Dicom</c>.</summary>
internal sealed class DicomOptions
{
    private const string Section = "HSENet:Dicom";

    /// <summary>Our AE title, 1 to 16 characters; also the calling AE title when reports are sent. Default HSENET.</summary>
    public string AeTitle { get; set; } = "HSENET";

    /// <summary>TCP port of the SCP; 0 takes a free one. Default 11112.</summary>
    public int Port { get; set; } = 11112;

    /// <summary>Address to listen on. Default 127.0.0.1.</summary>
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>TLS of the SCP, and our certificate towards destinations. Default off.</summary>
    public DicomTlsOptions Tls { get; set; } = new();

    /// <summary>What one peer may have of the SCP.</summary>
    public DicomLimitOptions Limits { get; set; } = new();

    /// <summary>Who may send. Empty (the default): any caller on loopback, nobody else.</summary>
    public List<DicomSourceOptions> Sources { get; set; } = [];

    /// <summary>Nobody but this machine can call.</summary>
    public bool IsLoopback => IPAddress.TryParse(BindAddress, out var address) && IPAddress.IsLoopback(address);

    public IEnumerable<string> Validate()
    {
        if (!IsAeTitle(AeTitle))
        {
            yield return $"{Section}:AeTitle must be 1 to 16 printable ASCII characters without backslash";
        }

        if (Port is < 0 or > 65535)
        {
            yield return $"{Section}:Port must be 0 to 65535";
        }

        if (!IPAddress.TryParse(BindAddress, out _))
        {
            yield return $"{Section}:BindAddress must be an IP address";
        }

        foreach (var failure in Tls.Validate())
        {
            yield return failure;
        }

        foreach (var failure in Limits.Validate())
        {
            yield return failure;
        }

        for (var i = 0; i < Sources.Count; i++)
        {
            if (!IsAeTitle(Sources[i].AeTitle))
            {
                yield return $"{Section}:Sources:{i}:AeTitle must be 1 to 16 printable ASCII characters without backslash";
            }

            if (!Sources[i].TryGetNetwork(out _))
            {
                yield return $"{Section}:Sources:{i}:Address must be an IP address or a network such as 10.1.0.0/16";
            }

            if (!string.IsNullOrWhiteSpace(Sources[i].CertificateName) && string.IsNullOrWhiteSpace(Tls.ClientCa))
            {
                yield return $"{Section}:Sources:{i}:CertificateName needs {Section}:Tls:ClientCa";
            }

            if (Sources[i].CommitmentPort is < 0 or > 65535)
            {
                yield return $"{Section}:Sources:{i}:CommitmentPort must be 0 to 65535";
            }

            if (Sources[i].CommitmentPort == 0 && (Sources[i].CommitmentTls || !string.IsNullOrWhiteSpace(Sources[i].CommitmentHost)))
            {
                yield return $"{Section}:Sources:{i}:CommitmentHost and CommitmentTls need {Section}:Sources:{i}:CommitmentPort";
            }
        }
    }

    /// <summary>VR AE of PS3.5 6.2: at most 16 characters of the default repertoire, no backslash, no control characters, not only spaces.</summary>
    public static bool IsAeTitle(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= 16 && text == text.Trim() && text.All(c => c is >= ' ' and <= '~' and not '\\');
}

/// <summary>One allowed sender. Bound from <c>HSENet:Dicom:Sources:N</c>.</summary>
internal sealed class DicomSourceOptions
{
    /// <summary>Calling AE title, compared exactly. No default.</summary>
    public string AeTitle { get; set; } = "";

    /// <summary>IP address or CIDR network. No default.</summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// Name that the source's client certificate must bear: a DNS name, or its subject's common name. Needs HSENet:Dicom:Tls:ClientCa; without TLS this source is then
    /// turned away. Default none: any certificate of the authorities will do, and none on the plain listener.
    /// </summary>
    public string? CertificateName { get; set; }

    /// <summary>Port of its own SCP for storage commitment results; with it we keep instances for it (as long as HSENet:Spool:Retention). Default 0: none.</summary>
    public int CommitmentPort { get; set; }

    /// <summary>Host of that SCP. Default: the address that a request comes from.</summary>
    public string? CommitmentHost { get; set; }

    /// <summary>TLS to that SCP, its certificate from an authority of HSENet:Dicom:Tls:ClientCa. Default false.</summary>
    public bool CommitmentTls { get; set; }

    public bool TryGetNetwork(out IPNetwork network)
    {
        if (IPAddress.TryParse(Address, out var single))
        {
            network = new IPNetwork(single, single.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(Address, out network);
    }
}
