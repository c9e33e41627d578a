using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>Storage and verification SCP. Port 0 in the options takes a free port; <see cref="Port"/> tells which.</summary>
public sealed class StoreScp : IAsyncDisposable
{
    private StoreScp()
    {
    }

    public int Port => throw new NotImplementedException();

    public static StoreScp Start(StoreScpOptions options, IInstanceReceiver receiver, ILoggerFactory loggers) => throw new NotImplementedException();

    /// <summary>Stops listening; running associations are ended after at most the given time.</summary>
    public Task StopAsync(TimeSpan drain) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>How the SCP listens.</summary>
public sealed record StoreScpOptions
{
    public required string AeTitle { get; init; }

    public required string BindAddress { get; init; }

    public required int Port { get; init; }

    /// <summary>Largest PDU we accept, bytes. Default 131072.</summary>
    public int MaximumPduLength { get; init; } = 131072;
}
