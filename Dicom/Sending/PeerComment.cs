using System.Text;
using System.Text.RegularExpressions;
using FellowOakDicom;

namespace HSENet.Dicom.Sending;

/// <summary>
/// A peer's comment on its way to rows and logs. Some peers quote the patient in it: what the sent object says of its patient is masked,
/// and so is what looks like another patient's name, number or date.
/// </summary>
internal static partial class PeerComment
{
    private const string Mask = "***";

    /// <summary>LO is 64 characters (PS3.5 6.2); peers write more.</summary>
    private const int Longest = 200;

    /// <summary>Shorter values, such as a sex or a first letter, are in every sentence.</summary>
    private const int ShortestSecret = 3;

    private static readonly DicomTag[] s_subject =
    [
        DicomTag.PatientName, DicomTag.PatientID, DicomTag.PatientBirthDate, DicomTag.AccessionNumber, DicomTag.ReferringPhysicianName, DicomTag.StudyID,
    ];

    /// <returns>Null for no comment.</returns>
    public static string? Of(string? comment, DicomDataset? sent)
    {
        if (string.IsNullOrWhiteSpace(comment))
            return null;

        var line = OneLine(comment);
        foreach (var secret in Secrets(sent ?? []).OrderByDescending(s => s.Length))
            line = Regex.Replace(line, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(secret)}(?![\p{{L}}\p{{N}}])", Mask, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        line = Name().Replace(line, Mask);
        line = Number().Replace(line, Mask);
        return line.Length == 0 ? null : line;
    }

    private static IEnumerable<string> Secrets(DicomDataset sent)
    {
        foreach (var tag in s_subject)
        {
            if (!sent.TryGetString(tag, out var value) || value is null)
                continue;
            foreach (var part in value.Split('^', '=', '\\', ' ').Append(value).Select(p => p.Trim()).Where(p => p.Length >= ShortestSecret))
                yield return part;
        }
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(Longest))
            line.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFEFF or 0xFFFD ? " " : rune.ToString());
        return line.ToString().Trim();
    }

    /// <summary>Name components are parted by carets.</summary>
    [GeneratedRegex(@"[^\s""'(),;:=\[\]]*\^[^""'(),;:=\[\]]*?(?=[\s""'(),;:=\[\]]|$)")]
    private static partial Regex Name();

    /// <summary>
    /// Six digits and more, with dashes or slashes between, that are no part of a UID: a number of a patient or a date. Letters may stand
    /// before it.
    /// </summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}.])\p{L}{0,4}[-/]?\d(?:[-/]?\d){5,}(?![\p{L}\p{N}]|\.\d)")]
    private static partial Regex Number();
}
