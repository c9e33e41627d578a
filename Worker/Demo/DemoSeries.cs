using FellowOakDicom;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Series;

namespace HSENet.Worker.Demo;

/// <summary>The series that the demo sends, as a scanner would.</summary>
internal static class DemoSeries
{
    private const int PhantomSeed = 20261123;
    private const int PhantomSlices = 64;
    private const int PhantomSide = 256;

    /// <summary>Before anything of an earlier run is touched.</summary>
    public static void Check(string? directory)
    {
        if (directory is not null && !Directory.Exists(directory))
        {
            throw new WorkerException("input.folder", $"there is no folder {directory}");
        }
    }

    /// <summary>The DICOM files of a folder, or a phantom written into <paramref name="scratch"/>.</summary>
    public static IReadOnlyList<string> Files(string? directory, string scratch)
    {
        if (directory is null)
        {
            var phantom = ChestPhantom.Create(PhantomSeed, PhantomSlices, PhantomSide, PhantomSide);
            return PhantomSeries.Write(phantom, Directory.CreateDirectory(scratch).FullName, Guid.CreateVersion7());
        }

        var (series, _) = SeriesFolder.Scan(directory);
        var files = series.SelectMany(s => s.Value).ToList();
        return files.Count > 0 ? files : throw new WorkerException("input.folder", $"{directory} holds no DICOM instance");
    }

    /// <summary>Sends over one association; any instance that is not stored ends the demo.</summary>
    public static async Task SendAsync(
        RemoteNode node, IReadOnlyList<string> paths, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var files = new List<DicomFile>(paths.Count);
        foreach (var path in paths)
        {
            files.Add(await DicomFile.OpenAsync(path, FileReadOption.ReadLargeOnDemand));
        }

        var outcomes = await StoreScu.SendAsync(node, files, progress, cancellationToken);
        if (outcomes.OfType<SendOutcome.Failed>().FirstOrDefault() is { } failed)
        {
            throw new WorkerException(failed.Code, failed.Detail);
        }
    }
}
