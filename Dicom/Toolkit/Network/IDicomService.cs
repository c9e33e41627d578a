namespace FellowOakDicom.Network;

/// <summary>What every service hears about.</summary>
public interface IDicomService
{
    /// <summary>The peer sent an A-ABORT. <see cref="OnConnectionClosed"/> follows.</summary>
    void OnReceiveAbort(DicomAbortSource source, DicomAbortReason reason);

    /// <summary>The connection is gone: called exactly once, last. Null after a release, rejection or abort.</summary>
    void OnConnectionClosed(Exception? exception);
}
