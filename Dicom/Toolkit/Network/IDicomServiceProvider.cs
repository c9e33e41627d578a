namespace FellowOakDicom.Network;

/// <summary>A service that accepts associations.</summary>
public interface IDicomServiceProvider : IDicomService
{
    /// <summary>Sets the results of the contexts and sends an acceptance or a rejection.</summary>
    Task OnReceiveAssociationRequestAsync(DicomAssociation association);

    /// <summary>Sends the release response.</summary>
    Task OnReceiveAssociationReleaseRequestAsync();
}
