using HSENet.Faults.Site;
using HSENet.TestKit;

namespace HSENet.Faults.Cases;

/// <summary>The spool's disk is full at the n-th write, n growing from repetition to repetition, until somebody makes room.</summary>
internal static class DiskCases
{
    private const int PageBytes = 4096;
    private const int Inodes = 100_000;

    private static readonly SiteShape Small = new() { Tmpfs = $"size=32m,nr_inodes={Inodes}" };
    private static readonly string? NotRoot = Environment.UserName == "root" ? null : "needs root, to mount a tmpfs";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("disk-full", Small, FillAsync) { Impossible = NotRoot },
        new("disk-no-inodes", Small, TakeInodesAsync) { Impossible = NotRoot },
    ];

    /// <summary>A slice is a page; the n-th page is one too many.</summary>
    private static async Task FillAsync(FaultSite site, FaultMoment moment)
    {
        var filler = Path.Combine(site.Data, "filler");
        await using (var file = File.Create(filler))
        {
            var free = new DriveInfo(site.Data).AvailableFreeSpace - ((long)moment.Repetition * PageBytes);
            file.Write(new byte[Math.Max(0, free)]);
        }

        moment.Tell($"room for {moment.Repetition} pages");
        await moment.PauseAsync(300, 2500);
        File.Delete(filler);
    }

    /// <summary>A file, a folder: the n-th that is made is one too many.</summary>
    private static async Task TakeInodesAsync(FaultSite site, FaultMoment moment)
    {
        // what is made between the count and the new limit makes it too low
        while (!await TryRemountAsync(site, 1 + Directory.EnumerateFileSystemEntries(site.Data, "*", SearchOption.AllDirectories).Count() + moment.Repetition))
            await Task.Delay(20);
        moment.Tell($"room for {moment.Repetition} files");
        await moment.PauseAsync(300, 2500);
        if (!await TryRemountAsync(site, Inodes))
            throw new FaultException("the tmpfs takes no more files");
    }

    private static async Task<bool> TryRemountAsync(FaultSite site, int inodes) =>
        (await Dcmtk.RunAsync("mount", "-o", $"remount,nr_inodes={inodes}", site.Data)).ExitCode == 0;
}
