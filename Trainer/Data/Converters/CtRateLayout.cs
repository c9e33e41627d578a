namespace HSENet.Trainer.Data.Converters;

/// <summary>Where CT-RATE keeps what (ml.md 7.1). Volume names are <c>split_patient_scan_recon.nii.gz</c>.</summary>
/// <param name="Root">The folder with <c>dataset/</c>.</param>
/// <param name="Split"><c>train</c> or <c>validation</c>.</param>
internal sealed record CtRateLayout(string Root, string Split)
{
    private string Short => Split == "validation" ? "valid" : Split;

    public string Reports => Path.Combine(Root, "dataset", "radiology_text_reports", $"{Split}_reports.csv");

    public string Labels => Path.Combine(Root, "dataset", "multi_abnormality_labels", $"{Short}_predicted_labels.csv");

    public string Metadata => Path.Combine(Root, "dataset", "metadata", $"{Split}_metadata.csv");

    /// <summary>Corrected volumes, which hold HU already according to third parties, go before original ones. Null: neither is there.</summary>
    public (string Path, bool IsCorrected)? Volume(string name)
    {
        var parts = Path.GetFileName(name).Split('_');
        if (parts.Length != 4)
        {
            return null;
        }

        foreach (var (folder, corrected) in new[] { ($"{Short}_fixed", true), (Short, false) })
        {
            var path = Path.Combine(Root, "dataset", folder, $"{parts[0]}_{parts[1]}", $"{parts[0]}_{parts[1]}_{parts[2]}", Path.GetFileName(name));
            if (File.Exists(path))
            {
                return (path, corrected);
            }
        }

        return null;
    }
}
