namespace FellowOakDicom.Network;

/// <summary>A request of a service that knows priorities.</summary>
public abstract class DicomPriorityRequest : DicomRequest
{
    private protected DicomPriorityRequest(DicomDataset command)
        : base(command)
    {
    }

    private protected DicomPriorityRequest(DicomCommandField type, DicomUID requestedClassUid, DicomPriority priority)
        : base(type, requestedClassUid) => Command.AddOrUpdate(DicomTag.Priority, (ushort)priority);

    /// <summary>Priority (0000,0700); medium when the peer does not say.</summary>
    public DicomPriority Priority => (DicomPriority)Command.GetSingleValueOrDefault(DicomTag.Priority, (ushort)DicomPriority.Medium);
}
