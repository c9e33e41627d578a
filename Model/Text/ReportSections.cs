using System.Text.RegularExpressions;

namespace HSENet.Model.Text;

/// <summary>Generated text, cut into the two sections of a report.</summary>
/// <param name="Findings">Everything before the marker of the impression.</param>
/// <param name="Impression">What follows it; empty when there is no marker.</param>
internal sealed partial record ReportSections(string Findings, string Impression)
{
    /// <summary>Cuts at the first line that begins with "Impression:" (any case); a leading "Findings:" is dropped.</summary>
    public static ReportSections Split(string text)
    {
        var clean = Controls.Replace(text.ReplaceLineEndings("\n"), " ").Trim().TrimEnd('\uFFFD').Trim();
        var marker = ImpressionMarker.Match(clean);
        var (findings, impression) = marker.Success ? (clean[..marker.Index], clean[(marker.Index + marker.Length)..]) : (clean, string.Empty);
        return new ReportSections(FindingsMarker.Replace(findings, string.Empty).Trim(), impression.Trim());
    }

    [GeneratedRegex(@"^[ ]*(impressions?|conclusions?)[ ]*:", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ImpressionMarker { get; }

    [GeneratedRegex(@"\A\s*findings?[ ]*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FindingsMarker { get; }

    /// <summary>Control characters have no place in a report; line feeds stay.</summary>
    [GeneratedRegex(@"[\p{Cc}-[\n]]", RegexOptions.CultureInvariant)]
    private static partial Regex Controls { get; }
}
