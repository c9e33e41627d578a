using HSENet.Dicom;
using HSENet.Dicom.Series;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>Compares what the service reads from a file with what the table says.</summary>
internal static class Content
{
    /// <summary>Null when every attribute has its value.</summary>
    /// <param name="file">A Part 10 file.</param>
    /// <param name="expected"><c>Keyword=value</c>, separated by <c>|</c>; further values of an attribute by a backslash.</param>
    public static string? Difference(string file, string expected)
    {
        SeriesAttributes attributes;
        try
        {
            attributes = SeriesAttributes.Read(file);
        }
        catch (HSENetDicomException e)
        {
            return $"not readable: {e.Code}: {e.Message}";
        }

        foreach (var pair in expected.Split('|'))
        {
            var (keyword, value) = (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            var actual = attributes.Values(keyword) is { Count: > 0 } values ? string.Join('\\', values) : "(absent)";
            if (actual != value)
                return $"{keyword} is {actual}";
        }

        return null;
    }
}
