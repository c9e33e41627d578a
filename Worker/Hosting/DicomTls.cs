using HSENet.Dicom;
using HSENet.Dicom.Security;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Hosting;

/// <summary>The certificates that the settings name, read once. Renewed files count from the next start.</summary>
internal sealed class DicomTls : IDisposable
{
    /// <summary>An expiry nearer than this is told of.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private readonly DicomTlsOptions _options;
    private readonly TlsAuthorities? _clientAuthorities;
    private readonly TlsRevocation? _clientRevocation;
    private readonly Dictionary<string, TlsRevocation> _destinationRevocations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TlsAuthorities> _destinationAuthorities = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="WorkerException"><c>configuration.invalid</c>: a file that cannot be used, by its key.</exception>
    public DicomTls(WorkerSettings settings)
    {
        _options = settings.Dicom.Tls;
        var failures = new List<string>();
        if (_options is { Certificate: { } certificate, Key: { } key })
        {
            Certificate = Read("HSENet:Dicom:Tls:Certificate", () => TlsCertificate.Load(certificate, key), failures);
        }

        if (_options.ClientCa is { } clientCa)
        {
            _clientAuthorities = Read("HSENet:Dicom:Tls:ClientCa", () => TlsAuthorities.Load(clientCa), failures);
        }

        if (_options.ClientCrl is { } clientCrl)
        {
            _clientRevocation = Read("HSENet:Dicom:Tls:ClientCrl", () => TlsRevocation.Load(clientCrl), failures);
        }

        for (var i = 0; i < settings.Destinations.Count; i++)
        {
            var destination = settings.Destinations[i];
            if (destination is { Tls: true, TlsCa: { } ca } &&
                Read($"HSENet:Destinations:{i}:TlsCa", () => TlsAuthorities.Load(ca), failures) is { } authorities)
            {
                _destinationAuthorities[destination.Name] = authorities;
            }

            if (destination is { Tls: true, TlsCrl: { } crl } && Read($"HSENet:Destinations:{i}:TlsCrl", () => TlsRevocation.Load(crl), failures) is { } revocation)
            {
                _destinationRevocations[destination.Name] = revocation;
            }
        }

        if (failures.Count > 0)
        {
            Dispose();
            throw new WorkerException("configuration.invalid", string.Join("; ", failures));
        }
    }

    /// <summary>Ours; null when none is configured.</summary>
    public TlsCertificate? Certificate { get; }

    /// <returns>Null without a TLS listener.</returns>
    public TlsListening? Listening(Action<HandshakeFailure> onFailure) => !_options.Enabled ? null : new()
    {
        Port = _options.Port,
        Certificate = Certificate!,
        ClientAuthorities = _clientAuthorities,
        ClientRevocation = _clientRevocation,
        OnFailure = onFailure,
    };

    /// <returns>Null for a destination without TLS.</returns>
    public TlsCalling? Calling(DestinationOptions destination) => !destination.Tls ? null : new()
    {
        Authorities = _destinationAuthorities.GetValueOrDefault(destination.Name),
        Revocation = _destinationRevocations.GetValueOrDefault(destination.Name),
        PeerName = string.IsNullOrWhiteSpace(destination.TlsName) ? null : destination.TlsName,
        Certificate = Certificate,
    };

    /// <summary>For the SCP of a source: its certificate comes from the authorities of clients.</summary>
    public TlsCalling CallingSource() => new() { Authorities = _clientAuthorities, Revocation = _clientRevocation, Certificate = Certificate };

    /// <summary>What an operator should know of our certificate's time; null when all is well.</summary>
    public string? TimeProblem(DateTimeOffset now) => Certificate switch
    {
        null => RevocationProblem(now),
        { NotBefore: var begin } when begin > now => $"the certificate of HSENet:Dicom:Tls is not valid before {begin:yyyy-MM-dd}",
        { NotAfter: var end } when end <= now => $"the certificate of HSENet:Dicom:Tls has expired on {end:yyyy-MM-dd}",
        { NotAfter: var end } when end - now < Notice => $"the certificate of HSENet:Dicom:Tls expires on {end:yyyy-MM-dd}",
        _ => RevocationProblem(now),
    };

    public void Dispose() => Certificate?.Dispose();

    private string? RevocationProblem(DateTimeOffset now) => (_destinationRevocations.Values.Append(_clientRevocation).Min(lists => lists?.NextUpdate)) is { } time && time <= now
        ? $"a revocation list should have been replaced on {time:yyyy-MM-dd}"
        : null;

    private static T? Read<T>(string key, Func<T> read, List<string> failures)
        where T : class
    {
        try
        {
            return read();
        }
        catch (HSENetDicomException e)
        {
            failures.Add($"{key}: {e.Message}");
            return null;
        }
    }
}
