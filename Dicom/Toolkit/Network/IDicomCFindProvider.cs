namespace FellowOakDicom.Network;

/// <summary>A service that answers queries.</summary>
public interface IDicomCFindProvider
{
    /// <summary>
    /// One response with <see cref="DicomStatus.Pending"/> for each match, each sent as it comes. A response with another status is the last; without
    /// one the query ends with success, or with <see cref="DicomStatus.Cancel"/> when the peer cancelled it. The token of the enumerator tells of
    /// that, and of the end of the association. An exception is answered with C000.
    /// </summary>
    IAsyncEnumerable<DicomCFindResponse> OnCFindRequestAsync(DicomCFindRequest request);
}
