using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>A running SCP on a free port with a recording receiver.</summary>
internal sealed class ScpWorld : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private ScpWorld(StoreScp scp, RecordingReceiver receiver)
    {
        Scp = scp;
        Receiver = receiver;
    }

    public StoreScp Scp { get; }

    public RecordingReceiver Receiver { get; }

    public int Port => Scp.Port;

    public static ScpWorld Start(Func<StoreScpOptions, StoreScpOptions>? configure = null)
    {
        var receiver = new RecordingReceiver();
        var options = new StoreScpOptions { AeTitle = "HSENET", BindAddress = "127.0.0.1", Port = 0 };
        return new ScpWorld(StoreScp.Start(configure?.Invoke(options) ?? options, receiver, NullLoggerFactory.Instance), receiver);
    }

    /// <summary>Waits until so many associations have ended, and returns how.</summary>
    public async Task<IReadOnlyList<AssociationEnd>> EndsAsync(int count)
    {
        await Until.TrueAsync(() => Receiver.Ends.Count >= count, Deadline, $"{count} associations ended");
        return [.. Receiver.Ends.Select(end => end.End)];
    }

    public async ValueTask DisposeAsync()
    {
        await Scp.DisposeAsync();
        Receiver.Dispose();
    }
}
