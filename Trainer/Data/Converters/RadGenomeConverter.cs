namespace HSENet.Trainer.Data.Converters;

/// <summary>
/// RadGenome-ChestCT's questions onto the volumes of a CT-RATE manifest (ml.md 7.2). The published tables hold no question text: location questions are
/// made from a template with the abnormality in it; the answer is the anatomy path. There are no templates for other kinds, so their rows need a column
/// <c>Question</c> of the site's own, and are left out without it.
/// </summary>
internal static class RadGenomeConverter
{
    private const string Name = "Volumename";
    private const string OwnText = "Question";

    /// <param name="table">One of the published vqa tables: the columns tell which.</param>
    /// <param name="studies">The volumes; rows for others are left out.</param>
    /// <exception cref="TrainerException"><c>csv.*</c>, <c>radgenome.table</c>: not a table that is known.</exception>
    public static ConvertedStudies Convert(string table, IReadOnlyList<ManifestItem> studies)
    {
        var questions = studies.ToDictionary(item => item.Id, _ => new List<QuestionAnswer>(), StringComparer.Ordinal);
        var (bad, number) = (new List<BadItem>(), 1);
        foreach (var row in CsvFile.Read(table))
        {
            number++;
            var name = row.Field(Name, table);
            if (!questions.TryGetValue(CtRateConverter.Id(name), out var list))
            {
                bad.Add(new($"{name}, record {number}", "manifest.volume", "the manifest has no such volume."));
            }
            else if (Question(row, table) is not { } question)
            {
                bad.Add(new($"{name}, record {number}", "radgenome.empty", "no answer or nothing asked about."));
            }
            else if (!question.IsAskable)
            {
                bad.Add(new($"{name}, record {number}", "radgenome.question", $"a {question.Kind} question has no text (column {OwnText}); templates are for locations only."));
            }
            else
            {
                list.Add(question);
            }
        }

        return new([.. studies.Where(item => questions[item.Id].Count > 0).Select(item => item with { Questions = [.. item.Questions, .. questions[item.Id]] })], bad);
    }

    private static QuestionAnswer? Question(IReadOnlyDictionary<string, string> row, string path)
    {
        var anatomy = row.Field("Anatomy", path);
        var (kind, about, answer) = row switch
        {
            _ when row.ContainsKey("Presence") => ("presence", row.Field("Finding", path), row.Field("Presence", path)),
            _ when row.ContainsKey("Size") => ("size", row.Field("Abnormality", path), row.Field("Size", path)),
            _ when row.ContainsKey("Non-Abnormality") => throw new TrainerException("radgenome.table", $"{path} holds lists of abnormalities, which no task asks for."),
            _ when row.ContainsKey("Abnormality") => (QuestionAnswer.Location, row.Field("Abnormality", path), anatomy),
            _ => throw new TrainerException("radgenome.table", $"{path} has none of the columns Presence, Size and Abnormality."),
        };
        var text = row.ContainsKey(OwnText) ? row.Field(OwnText, path) : "";
        return about.Length > 0 && answer.Length > 0 ? new(kind, text.Length > 0 ? text : null, answer, about) : null;
    }
}
