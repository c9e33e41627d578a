using FellowOakDicom;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>Compares what the toolkit reads from a file with what the table says.</summary>
internal static class Content
{
    /// <summary>Null when every attribute has its value.</summary>
    /// <param name="file">A Part 10 file.</param>
    /// <param name="expected"><c>Keyword=value</c>, separated by <c>|</c>; further values of an attribute by a backslash.</param>
    public static string? Difference(string file, string expected)
    {
        DicomDataset dataSet;
        try
        {
            dataSet = DicomFile.Open(file).Dataset;
        }
        catch (DicomFileException e)
        {
            return $"not readable: {e.Message}";
        }

        foreach (var pair in expected.Split('|'))
        {
            var (keyword, value) = (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            var tag = (DicomTag)typeof(DicomTag).GetField(keyword)!.GetValue(null)!;
            var actual = dataSet.TryGetString(tag, out var text) ? text.TrimEnd(' ', '\0') : "(absent)";
            if (actual != value)
                return $"{keyword} is {actual}";
        }

        return null;
    }
}
