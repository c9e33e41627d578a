namespace FellowOakDicom.Network;

/// <summary>The peer did not answer the association request in time, as often as the client's options allow.</summary>
public class DicomAssociationRequestTimedOutException(int timeoutInMs, int retryCount)
    : DicomNetworkException($"The association request timed out {retryCount} times, after {timeoutInMs} ms each");
