using System.CommandLine;
using HSENet.Commands;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Converters;

namespace HSENet.Trainer.Commands;

/// <summary><c>convert --layout ct-rate|bimcv-r|radgenome|hsenet --out F.jsonl …</c>: a manifest of a published data set.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var layout = Parameters.Choice("--layout", "How the data set is arranged.", ["ct-rate", "bimcv-r", "radgenome", "hsenet"]).Needed();
        var target = Parameters.Text("--out", "F.jsonl", "The manifest that is written.").Needed();
        var root = Parameters.Text("--root", "DIR", "The data set's folder; for ct-rate and bimcv-r.");
        var table = Parameters.Text("--table", "FILE", "The table of reports, questions or pairs; for bimcv-r, radgenome and hsenet.");
        var split = Parameters.Choice("--split", "Which part of the data set; for ct-rate and hsenet.", ["train", "validation"]);
        var data = Parameters.Text("--data", "MANIFEST", "A manifest of the volumes that the questions are about; for radgenome.");
        var usual = new BimcvColumns();
        var volume = Parameters.Text("--volume-column", "NAME", "The table's column of volumes; for bimcv-r.").Otherwise(usual.Volume);
        var report = Parameters.Text("--report-column", "NAME", "The table's column of reports; for bimcv-r.").Otherwise(usual.Report);
        var command = new Command("convert", "Makes a manifest of a published data set.").With(layout, target, root, table, split, data, volume, report);
        command.SetAction(result =>
        {
            string Required(Option<string> option) =>
                result.GetValue(option) ?? throw new UsageException($"{option.Name} is needed for --layout {result.GetValue(layout)}.");
            ConvertedStudies Convert() => result.GetValue(layout) switch
            {
                "ct-rate" => CtRateConverter.Convert(new(Path.GetFullPath(Required(root)), Required(split))),
                "bimcv-r" => BimcvConverter.Convert(
                    Path.GetFullPath(Required(root)), Required(table), new(result.GetRequiredValue(volume), result.GetRequiredValue(report))),
                "radgenome" => RadGenome(Required(table), Required(data)),
                _ => PairsConverter.Convert(Required(table), Required(split)),
            };
            Run(result.GetRequiredValue(layout), result.GetRequiredValue(target), Convert, result.InvocationConfiguration.Output);
        });
        return command;
    }

    private static void Run(string layout, string target, Func<ConvertedStudies> convert, TextWriter output)
    {
        ManifestWriter.Guard(target);
        var made = convert();
        new StudyManifest("", made.Items, made.Bad).Report(output);
        if (made.Items.Count == 0)
        {
            throw new TrainerException("manifest.none", $"{layout}: no usable item.");
        }

        ManifestWriter.Write(target, made.Items);
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
