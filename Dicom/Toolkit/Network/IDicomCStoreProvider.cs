namespace FellowOakDicom.Network;

/// <summary>A service that takes instances.</summary>
public interface IDicomCStoreProvider
{
    /// <summary>All of an instance is here. An exception is answered with 0110.</summary>
    Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request);

    /// <summary>
    /// The bytes received could not be stored away or read; the request was, or will be, answered with a failure. The name is null when there is
    /// no temporary file.
    /// </summary>
    Task OnCStoreRequestExceptionAsync(string? tempFileName, Exception e);
}
