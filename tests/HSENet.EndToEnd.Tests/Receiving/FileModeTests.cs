using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>
/// What patients' data lie in is for the service's user alone, whatever the mask of the shell that starts it: folders 0700, files 0600.
/// </summary>
public sealed class FileModeTests
{
    [Fact]
    public async Task Everything_that_the_worker_makes_is_for_its_user_alone()
    {
        using var folder = new TempFolder("modes");
        await using var gateway = await GatewayProcess.StartAsync(under: ["/bin/sh", "-c", "umask 000; exec \"$@\"", "sh"], dataDirectory: folder.Path("new", "data"));
        var (series, changed) = (folder.Folder("series"), folder.Folder("changed"));
        new CtSeriesBuilder().Write(series);
        new CtSeriesBuilder { EditPixels = (_, pixels) => [.. pixels.Select(value => (byte)(value ^ 1))] }.Write(changed);
        (await Dcmtk.StoreAsync(gateway.Port, GatewayProcess.AeTitle, series)).Succeeded();
        await Dcmtk.StoreAsync(gateway.Port, GatewayProcess.AeTitle, changed); // other pixels under the same UIDs: kept apart
        await Until.TrueAsync(() => gateway.StoredFiles().Length > 0, TimeSpan.FromSeconds(30), "the series is in the spool");

        var open = Directory.EnumerateFileSystemEntries(folder.Path("new"), "*", SearchOption.AllDirectories).Append(folder.Path("new"))
#pragma warning disable CA1416 // Linux only
            .Where(entry => (File.GetUnixFileMode(entry) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0);
#pragma warning restore CA1416
        Assert.Empty(open);
        Assert.NotEmpty(Directory.GetFiles(gateway.Spool, "*", SearchOption.AllDirectories).Except(gateway.StoredFiles()));
    }
}
