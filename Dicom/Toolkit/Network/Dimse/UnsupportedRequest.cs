namespace FellowOakDicom.Network.Dimse;

/// <summary>A request of a service that this part of the toolkit does not have. It is answered, never obeyed.</summary>
internal sealed class UnsupportedRequest(DicomDataset command) : DicomRequest(command)
{
    internal override void PostResponse(DicomResponse response)
    {
    }

    internal override DicomResponse CreateResponse(DicomDataset command) => new UnsupportedResponse(this, DicomStatus.UnrecognizedOperation);

    internal override DicomResponse CreateResponse(DicomStatus status) => new UnsupportedResponse(this, status);
}

/// <summary>The refusal of an <see cref="UnsupportedRequest"/>.</summary>
internal sealed class UnsupportedResponse(UnsupportedRequest request, DicomStatus status) : DicomResponse(request, status);
