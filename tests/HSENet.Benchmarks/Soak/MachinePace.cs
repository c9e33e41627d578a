using System.Diagnostics;
using System.Security.Cryptography;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Soak;

/// <summary>A fixed piece of work of the kind that the service does: small files made durable, and some arithmetic. When it takes longer, the machine has become slower and not the service.</summary>
internal sealed class MachinePace : IDisposable
{
    private const int FileCount = 8;

    private readonly TempFolder _folder = new("pace");
    private readonly byte[] _file = new byte[4096];
    private readonly byte[] _block = new byte[4 << 20];

    /// <returns>Seconds.</returns>
    public double Measure()
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < FileCount; i++)
        {
            using var file = new FileStream(_folder.Path($"{i}"), FileMode.Create);
            file.Write(_file);
            file.Flush(flushToDisk: true);
        }

        _ = SHA256.HashData(_block);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    public void Dispose() => _folder.Dispose();
}
