using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Asks for attributes of an instance (PS3.7 10.1.2).</summary>
public sealed class DicomNGetRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNGetRequest(DicomDataset command)
        : base(command)
    {
    }

    public DicomNGetRequest(DicomUID requestedClassUid, DicomUID requestedInstanceUid)
        : base(DicomCommandField.NGetRequest, requestedClassUid)
    {
        ArgumentNullException.ThrowIfNull(requestedInstanceUid);
        Command.AddOrUpdate(DicomTag.RequestedSOPInstanceUID, requestedInstanceUid);
    }

    public delegate void ResponseDelegate(DicomNGetRequest request, DicomNGetResponse response);

    /// <summary>Requested SOP Instance UID (0000,1001); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.RequestedSOPInstanceUID);

    /// <summary>Attribute Identifier List (0000,1005); empty: all of them.</summary>
    public DicomTag[] Attributes => Command.TryGetValues<DicomTag>(DicomTag.AttributeIdentifierList, out var tags) ? tags : [];

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNGetResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNGetResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNGetResponse(this, status);
}
