namespace HSENet.Trainer.Evaluation.Vqa;

/// <summary>The locations that RadGenome answers are grouped by, in the order they are looked for (the reference's spelling).</summary>
internal static class AnatomyGroup
{
    public const string Others = "Others";

    public static IReadOnlyList<string> Names { get; } =
        ["Lung", "Trachea and Bronchie", "Mediastinum", "Heart", "Esophagus", "Pleura", "Bone", "Thyroid", "Breast", "Abdomen", Others];

    /// <summary>The index of the first name that occurs in the text, whatever its case; that of <see cref="Others"/> if none does.</summary>
    public static int IndexOf(string text)
    {
        for (var i = 0; i < Names.Count - 1; i++)
        {
            if (text.Contains(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return Names.Count - 1;
    }
}
