namespace FellowOakDicom.Network;

/// <summary>Limits of a server.</summary>
public class DicomServerOptions
{
    /// <summary>
    /// Associations at the same time. Further ones are answered with A-ASSOCIATE-RJ transient, local limit exceeded. Default 0: no limit.
    /// </summary>
    public int MaxClientsAllowed { get; set; }

    public DicomServerOptions Clone() => (DicomServerOptions)MemberwiseClone();
}
