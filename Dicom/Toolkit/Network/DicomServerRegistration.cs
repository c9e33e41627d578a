namespace FellowOakDicom.Network;

/// <summary>A running server.</summary>
public sealed class DicomServerRegistration : IDisposable
{
    internal DicomServerRegistration(IDicomServer dicomServer, Task task)
    {
        DicomServer = dicomServer;
        Task = task;
    }

    public IDicomServer DicomServer { get; }

    /// <summary>Ends when the server has stopped and its last association is gone. Does not fail.</summary>
    public Task Task { get; }

    public void Dispose() => DicomServer.Dispose();
}
