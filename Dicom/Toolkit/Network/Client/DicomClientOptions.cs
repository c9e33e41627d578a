namespace FellowOakDicom.Network.Client;

/// <summary>Times and limits of a client.</summary>
public class DicomClientOptions
{
    /// <summary>To connect, and again for the answer to the association request. Milliseconds. Default 5000.</summary>
    public int AssociationRequestTimeoutInMs { get; set; } = 5000;

    /// <summary>For the answer to the release request; then the association is aborted. Milliseconds. Default 10000.</summary>
    public int AssociationReleaseTimeoutInMs { get; set; } = 10000;

    /// <summary>The association stays open this long after the last response, in case of another request. Milliseconds. Default 50.</summary>
    public int AssociationLingerTimeoutInMs { get; set; } = 50;

    /// <summary>Then the next association is opened. Default null: no limit.</summary>
    public int? MaximumNumberOfRequestsPerAssociation { get; set; }

    /// <summary>Attempts when association requests time out. Default 3.</summary>
    public int MaximumNumberOfConsecutiveTimedOutAssociationRequests { get; set; } = 3;

    public DicomClientOptions Clone() => (DicomClientOptions)MemberwiseClone();
}
