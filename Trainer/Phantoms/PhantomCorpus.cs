using System.Buffers.Binary;
using HSENet.Dicom.Phantoms;
using HSENet.Trainer.Data;
using HSENet.Trainer.DemoModels;

namespace HSENet.Trainer.Phantoms;

/// <summary>
/// Writes a folder of phantoms: <c>manifest.jsonl</c> and below <c>volumes/</c> a safetensors file or a DICOM folder for each case. A case depends on
/// the seed and its number alone, so a larger count begins with the same cases, on any number of threads.
/// </summary>
internal static class PhantomCorpus
{
    private const string Folder = "volumes";

    /// <param name="directory">Made if need be; a manifest in it is not overwritten.</param>
    /// <param name="options">What it holds.</param>
    /// <param name="progress">Cases done so far.</param>
    /// <returns>The items, as in the manifest.</returns>
    public static IReadOnlyList<ManifestItem> Write(string directory, PhantomCorpusOptions options, IProgress<int>? progress = null)
    {
        var manifest = Path.Combine(directory, ManifestWriter.FileName);
        ManifestWriter.Guard(manifest);
        Directory.CreateDirectory(Path.Combine(directory, Folder));
        var (items, done) = (new ManifestItem[options.Count], 0);
        Parallel.For(0, options.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            items[i] = WriteCase(directory, options, i);
            progress?.Report(Interlocked.Increment(ref done));
        });
        ManifestWriter.Write(manifest, items);
        return items;
    }

    /// <summary>What is said of a drawn case; volume not written yet.</summary>
    public static (PhantomCase Case, ManifestItem Item) Make(PhantomCorpusOptions options, int index)
    {
        var seed = CaseSeed(options.Seed, index);
        var (slices, rows, columns) = options.Size;
        var drawn = ChestPhantom.CreateCase(seed, slices, rows, columns, options.Findings);
        return (drawn, Describe(options, index, drawn.Findings));
    }

    /// <summary>The item of a case with these findings.</summary>
    public static ManifestItem Describe(PhantomCorpusOptions options, int index, IReadOnlyList<PhantomFinding> findings)
    {
        var random = new SeededGenerator(~CaseSeed(options.Seed, index));
        var report = new PhantomReportWriter(random, options.Shuffle).Write(findings);
        var kinds = Enum.GetValues<PhantomFindingKind>().Where(kind => options.Findings.Extended || kind < PhantomFindingKind.Atelectasis).ToArray();
        var id = $"phantom-{options.Seed}-{index:D6}";
        return new()
        {
            Id = id,
            Volume = options.Dicom ? $"{Folder}/{id}" : $"{Folder}/{id}.safetensors",
            Findings = report.Findings,
            Impression = report.Impression,
            Questions = new PhantomQuestions(random, kinds).Ask(findings),
            Labels = kinds.ToDictionary(FindingWords.Label, kind => findings.Any(finding => finding.Kind == kind), StringComparer.Ordinal),
            Details = [.. findings.Select(FindingWords.Detail)],
        };
    }

    /// <summary>Seeds and numbers are kept apart: no two pairs give one case.</summary>
    public static ulong CaseSeed(int seed, int index) => ((ulong)(uint)seed << 32) | (uint)index;

    private static ManifestItem WriteCase(string directory, PhantomCorpusOptions options, int index)
    {
        var (drawn, item) = Make(options, index);
        var path = Path.Combine(directory, item.Volume);
        if (options.Dicom)
        {
            PhantomSeries.Write(drawn.Volume, path, Identity(options.Seed, index));
        }
        else
        {
            HuVolumeFile.Write(path, drawn.Volume);
        }

        return item;
    }

    /// <summary>What the UIDs of a series derive from.</summary>
    private static Guid Identity(int seed, int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, 0x48534E6574506861);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], CaseSeed(seed, index));
        return new(bytes, bigEndian: true);
    }
}
