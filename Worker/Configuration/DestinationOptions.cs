namespace HSENet.Worker.Configuration;

/// <summary>Where reports go. Bound from <c>HSENet:Destinations:N</c>.</summary>
internal sealed class DestinationOptions
{
    /// <summary>Unique name: rows, logs and routes use it. No default.</summary>
    public string Name { get; set; } = "";

    /// <summary>Called AE title. No default.</summary>
    public string AeTitle { get; set; } = "";

    /// <summary>Host name or address. No default.</summary>
    public string Host { get; set; } = "";

    /// <summary>TCP port of its SCP. Default 104.</summary>
    public int Port { get; set; } = 104;

    /// <summary>TLS 1.2 or 1.3, with the certificate of <c>HSENet:Dicom:Tls</c> as ours if there is one. Default false.</summary>
    public bool Tls { get; set; }

    /// <summary>PEM file with the authorities of the destination's certificate. Default none: those that the machine trusts.</summary>
    public string? TlsCa { get; set; }

    /// <summary>
    /// File with revocation lists of the authorities of the destination's certificate, PEM or DER; read again when it changes. Default none: revocation is not looked at.
    /// </summary>
    public string? TlsCrl { get; set; }

    /// <summary>Name that the destination's certificate must bear. Default: <see cref="Host"/>.</summary>
    public string? TlsName { get; set; }

    /// <summary>
    /// Ask for storage commitment after sending, until it is given. A destination that answers on an association of its own must be let in by
    /// <c>HSENet:Dicom:Sources</c>. Default false.
    /// </summary>
    public bool StorageCommitment { get; set; }

    /// <summary>
    /// Reports of a model whose purpose is demonstration (hsenet.json) are sent here too: for a PACS to try it on, never for one that treats patients by what it holds.
    /// Default false.
    /// </summary>
    public bool AllowDemonstration { get; set; }

    /// <summary>
    /// SR class of its reports: <c>basic</c> (Basic Text SR), <c>enhanced</c>, <c>comprehensive</c>, or <c>auto</c>: the first of these, in this order, that it takes.
    /// Default <c>auto</c>.
    /// </summary>
    public string SrClass { get; set; } = "auto";

    public static IEnumerable<string> Validate(IReadOnlyList<DestinationOptions> destinations)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < destinations.Count; i++)
        {
            var section = $"HSENet:Destinations:{i}";
            var destination = destinations[i];
            if (string.IsNullOrWhiteSpace(destination.Name) || destination.Name.Length > 64)
            {
                yield return $"{section}:Name must be 1 to 64 characters";
            }
            else if (!names.Add(destination.Name))
            {
                yield return $"{section}:Name is used twice";
            }

            if (!DicomOptions.IsAeTitle(destination.AeTitle))
            {
                yield return $"{section}:AeTitle must be 1 to 16 printable ASCII characters without backslash";
            }

            if (string.IsNullOrWhiteSpace(destination.Host))
            {
                yield return $"{section}:Host is missing";
            }

            if (destination.Port is < 1 or > 65535)
            {
                yield return $"{section}:Port must be 1 to 65535";
            }

            if (destination.SrClass is not ("auto" or "basic" or "enhanced" or "comprehensive"))
            {
                yield return $"{section}:SrClass must be auto, basic, enhanced or comprehensive";
            }

            if (!destination.Tls && !string.IsNullOrWhiteSpace(destination.TlsCa ?? destination.TlsCrl ?? destination.TlsName))
            {
                yield return $"{section}:TlsCa, {section}:TlsCrl and {section}:TlsName need {section}:Tls";
            }
        }
    }
}
