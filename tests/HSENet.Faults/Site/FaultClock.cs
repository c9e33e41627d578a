using System.Globalization;
using HSENet.TestKit;

namespace HSENet.Faults.Site;

/// <summary>The wall clock of processes, stepped while they run (Debian's libfaketime). Their monotonic clock goes on as it should.</summary>
internal sealed class FaultClock : IDisposable
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private readonly TempFolder _folder = new("clock");

    public FaultClock()
    {
#pragma warning disable CA1416 // Linux only
        File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
#pragma warning restore CA1416
        Set(TimeSpan.Zero);
    }

    public static bool IsAvailable => File.Exists(Library);

    /// <summary>What a process needs to obey; nothing when there is no libfaketime.</summary>
    public IReadOnlyDictionary<string, string?> Environment => !IsAvailable ? new Dictionary<string, string?>() : new()
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = File_,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
        ["NO_FAKE_STAT"] = "1",
        ["FAKETIME_DONT_RESET"] = "1",
    };

    private string File_ => _folder.Path("time");

    /// <summary>How far from the true time it is.</summary>
    public void Set(TimeSpan offset)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? "" : "+")}{offset.TotalSeconds:0}\n");
        File.WriteAllText(File_ + ".new", text);
        File.Move(File_ + ".new", File_, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();
}
