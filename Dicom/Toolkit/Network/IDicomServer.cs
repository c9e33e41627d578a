using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>A listening server. Disposing stops it.</summary>
public interface IDicomServer : IDisposable
{
    string IPAddress { get; }

    /// <summary>The port in use, also when the server was created with port 0.</summary>
    int Port { get; }

    bool IsListening { get; }

    /// <summary>Why the server does not listen; null while all is well.</summary>
    Exception? Exception { get; }

    DicomServiceOptions Options { get; }

    ILogger Logger { get; set; }

    DicomServerRegistration Registration { get; set; }

    /// <summary>Stops listening and aborts running associations, each when its current handler returns. <see cref="Registration"/> has the end.</summary>
    void Stop();
}
