using FellowOakDicom;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Sending;

namespace HSENet.Worker.Demo;

/// <summary>The series that the demo sends, as a scanner would.</summary>
internal static class DemoSeries
{
    /// <summary>The first case of <c>hsenet-train phantoms --seed 20261123 --dicom</c>: the model was trained with others.</summary>
    private const ulong PhantomSeed = 20261123UL << 32;

    private const int Slices = 64;
    private const int Side = 256;

    /// <summary>A chest with findings, new UIDs each time.</summary>
    /// <returns>The files, and what was drawn, in words.</returns>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Drawn) Phantom(string directory)
    {
        var phantom = ChestPhantom.CreateCase(PhantomSeed, Slices, Side, Side, new());
        return (PhantomSeries.Write(phantom.Volume, Directory.CreateDirectory(directory).FullName, Guid.CreateVersion7()), [.. phantom.Findings.Select(Words)]);
    }

    /// <summary>Such as: small right pleural effusion.</summary>
    private static string Words(PhantomFinding finding)
    {
        var extent = finding.Extent == PhantomExtent.None ? "" : $"{finding.Extent} ";
        var side = finding.Side == PhantomSide.None ? "" : $"{finding.Side} ";
        var kind = string.Concat($"{finding.Kind}".Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}"));
        return $"{extent}{side}{kind}".ToLowerInvariant();
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
