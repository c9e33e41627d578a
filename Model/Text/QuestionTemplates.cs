namespace HSENet.Model.Text;

/// <summary>The templates of questions about a finding, one a line; each has <see cref="Placeholder"/> once. Repeated lines stay: they weigh in a draw.</summary>
internal static class QuestionTemplates
{
    public const string Placeholder = "{abnormality}";

    private const int MostTemplates = 10_000;

    /// <exception cref="HSENetModelException"><c>prompt.templates</c>: cannot be read, empty, or a line without exactly one placeholder.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var templates = new List<string>();
        try
        {
            foreach (var line in File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0))
            {
                if (templates.Count == MostTemplates || line.Split(Placeholder).Length != 2)
                {
                    throw new HSENetModelException("prompt.templates", $"{path}: each line needs {Placeholder} once, and there may be {MostTemplates} lines.");
                }

                templates.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("prompt.templates", $"{path}: {e.Message}", e);
        }

        return templates.Count > 0 ? templates : throw new HSENetModelException("prompt.templates", $"{path} has no template.");
    }
}
