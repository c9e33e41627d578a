using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Request to store an instance (PS3.7 9.1.1).</summary>
public sealed class DicomCStoreRequest : DicomPriorityRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomCStoreRequest(DicomDataset command)
        : base(command)
    {
    }

    /// <summary>Sends a file from disk.</summary>
    public DicomCStoreRequest(string fileName, DicomPriority priority = DicomPriority.Medium)
        : this(DicomFile.Open(fileName), priority)
    {
    }

    /// <summary>Sends a file from memory.</summary>
    public DicomCStoreRequest(DicomFile file, DicomPriority priority = DicomPriority.Medium)
        : base(DicomCommandField.CStoreRequest, Identity(file, DicomTag.SOPClassUID, file?.FileMetaInfo?.MediaStorageSOPClassUID), priority)
    {
        SetFile(file);
        Command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, Identity(file, DicomTag.SOPInstanceUID, file?.FileMetaInfo?.MediaStorageSOPInstanceUID));
        Command.AddOrUpdate(DicomTag.CommandDataSetType, CommandSet.WithDataset);
    }

    public delegate void ResponseDelegate(DicomCStoreRequest request, DicomCStoreResponse response);

    /// <summary>What is sent, or what was received; null for an instance received raw.</summary>
    public DicomFile? File { get; private set; }

    /// <summary>Affected SOP Instance UID (0000,1000) of the command set; null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);

    /// <summary>Of the file to be sent, or of the context an instance came in.</summary>
    public DicomTransferSyntax TransferSyntax =>
        PresentationContext?.AcceptedTransferSyntax ?? File?.Dataset.InternalTransferSyntax ?? DicomTransferSyntax.ImplicitVRLittleEndian;

    /// <summary>Proposes implicit VR little endian as well when false, the default; only for what can be sent in it.</summary>
    public bool OmitImplicitVrTransferSyntaxInAssociationRequest { get; set; }

    internal void SetFile(DicomFile? file)
    {
        File = file;
        Receive(file?.Dataset);
    }

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomCStoreResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomCStoreResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomCStoreResponse(this, status);

    private static DicomUID Identity(DicomFile? file, DicomTag tag, DicomUID? metaValue)
    {
        ArgumentNullException.ThrowIfNull(file);
        var value = file.Dataset.GetSingleValueOrDefault<string>(tag, "");
        return value.Length > 0 ? DicomUID.Parse(value) : metaValue ?? throw new DicomNetworkException($"The file to be sent has no {tag}");
    }
}
