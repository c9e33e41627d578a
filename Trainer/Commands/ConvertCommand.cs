using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Converters;

namespace HSENet.Trainer.Commands;

/// <summary><c>convert --layout ct-rate|bimcv-r|radgenome|hsenet --out F.jsonl …</c>: a manifest of a published data set.</summary>
internal static class ConvertCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options(
            "convert", args, ["--layout", "--out", "--root", "--table", "--split", "--data", "--volume-column", "--report-column"]);
        var (layout, target) = (options.Required("--layout"), options.Required("--out"));
        ManifestWriter.Guard(target);
        var made = layout switch
        {
            "ct-rate" => CtRateConverter.Convert(new(Path.GetFullPath(options.Required("--root")), Split(options))),
            "bimcv-r" => BimcvConverter.Convert(Path.GetFullPath(options.Required("--root")), options.Required("--table"), Columns(options)),
            "radgenome" => RadGenome(options.Required("--table"), options.Required("--data")),
            "hsenet" => PairsConverter.Convert(options.Required("--table"), Split(options)),
            _ => throw new UsageException($"convert: --layout {layout}: ct-rate, bimcv-r, radgenome or hsenet is wanted."),
        };
        new StudyManifest("", made.Items, made.Bad).Report(output);
        if (made.Items.Count == 0)
        {
            throw new TrainerException("manifest.none", $"{layout}: no usable item.");
        }

        ManifestWriter.Write(target, made.Items);
    }

    private static string Split(Options options) => options.Required("--split") is ("train" or "validation") and var split
        ? split
        : throw new UsageException($"convert: --split {options.Text("--split")}: train or validation is wanted.");

    private static BimcvColumns Columns(Options options)
    {
        var usual = new BimcvColumns();
        return new(options.Text("--volume-column") ?? usual.Volume, options.Text("--report-column") ?? usual.Report);
    }

    /// <summary>The new manifest may stand elsewhere: paths become absolute.</summary>
    private static ConvertedStudies RadGenome(string table, string manifest)
    {
        var studies = ManifestReader.Read(manifest);
        var items = studies.Items.Select(item => item with
        {
            Volume = studies.Resolve(item.Volume),
            SliceFeatures = item.SliceFeatures is { } features ? studies.Resolve(features) : null,
        }).ToArray();
        var made = RadGenomeConverter.Convert(table, items);
        return made with { Bad = [.. studies.Bad, .. made.Bad] };
    }
}
