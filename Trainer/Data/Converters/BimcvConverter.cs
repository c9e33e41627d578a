namespace HSENet.Trainer.Data.Converters;

/// <summary>BIMCV-R (ml.md 7.3): a table of reports, volumes as <c>CT*/ct/*.nii.gz</c>. No slope from a table, the spacing is the file's.</summary>
internal static class BimcvConverter
{
    /// <exception cref="TrainerException"><c>csv.*</c>.</exception>
    public static ConvertedStudies Convert(string root, string table, BimcvColumns columns)
    {
        var (items, bad, seen) = (new List<ManifestItem>(), new List<BadItem>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in CsvFile.Read(table))
        {
            var (name, report) = (row.Field(columns.Volume, table), row.Field(columns.Report, table));
            if (!seen.Add(name))
            {
                bad.Add(new(name, "manifest.duplicate", "a second report for the volume."));
            }
            else if (report.Length == 0)
            {
                bad.Add(new(name, "bimcv.report", "no report."));
            }
            else if (Volumes(root, name) is not [var volume])
            {
                bad.Add(new(name, "manifest.volume", "not one file in the layout."));
            }
            else
            {
                items.Add(new() { Id = CtRateConverter.Id(name.Replace('/', '-')), Volume = volume, Findings = report });
            }
        }

        return new(items, bad);
    }

    private static string[] Volumes(string root, string name)
    {
        if (name.Length == 0 || name.Split('/', '\\').Contains(".."))
        {
            return [];
        }

        var path = Path.Combine(root, name);
        var folder = Path.Combine(path, "ct");
        return File.Exists(path) ? [path] : Directory.Exists(folder) ? Directory.GetFiles(folder, "*.nii.gz") : [];
    }
}
