using FellowOakDicom;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Sending;

namespace HSENet.Worker.Demo;

/// <summary>The series that the demo sends, as a scanner would.</summary>
internal static class DemoSeries
{
    private const int PhantomSeed = 20261123;
    private const int PhantomSlices = 64;
    private const int PhantomSide = 256;

    /// <summary>A healthy chest, new UIDs each time.</summary>
    public static IReadOnlyList<string> Phantom(string directory)
    {
        var phantom = ChestPhantom.Create(PhantomSeed, PhantomSlices, PhantomSide, PhantomSide);
        return PhantomSeries.Write(phantom, Directory.CreateDirectory(directory).FullName, Guid.CreateVersion7());
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
