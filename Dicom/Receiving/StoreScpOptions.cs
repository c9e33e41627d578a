using HSENet.Dicom.Commitment;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Security;

namespace HSENet.Dicom.Receiving;

/// <summary>How the SCP listens.</summary>
public sealed record StoreScpOptions
{
    /// <summary>Our title, case-sensitive. An association that calls another one is rejected.</summary>
    public required string AeTitle { get; init; }

    public required string BindAddress { get; init; }

    /// <summary>0 takes a free port.</summary>
    public required int Port { get; init; }

    /// <summary>A TLS listener beside the plain one, or in its place. Default null: none.</summary>
    public TlsListening? Tls { get; init; }

    /// <summary>Takes storage commitment. Default null: the class is refused.</summary>
    public ICommitmentReceiver? Commitment { get; init; }

    /// <summary>Largest PDU we accept, bytes. Default 131072.</summary>
    public int MaximumPduLength { get; init; } = 131072;

    /// <summary>How much one peer may have of us.</summary>
    public ConnectionLimits Limits { get; init; } = new();

    /// <summary>Time from the connection to a complete association request (ARTIM, PS3.8 9.1.5), and from our rejection to the end of the connection. Default 30 s.</summary>
    public TimeSpan AssociationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of the peer after which an association is aborted. Default 120 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);
}
