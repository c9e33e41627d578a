using System.Text.RegularExpressions;

namespace FellowOakDicom;

/// <summary>What single values may look like (PS3.5 6.2). Applied to what code makes, never to what is read.</summary>
internal static partial class ValueRules
{
    internal static void Validate(DicomVR vr, string content)
    {
        if (string.IsNullOrEmpty(content))
        {
            return;
        }

        var problem = vr.Code switch
        {
            "AE" => content.Length > 16 || content.Any(IsControl) || content.Contains('\\', StringComparison.Ordinal) || content.Trim(' ').Length == 0
                ? "1 to 16 characters, not all spaces, without control characters" : null,
            "AS" => AgeForm().IsMatch(content) ? null : "nnnD, nnnW, nnnM or nnnY",
            "CS" => CodeForm().IsMatch(content) ? null : "at most 16 of A-Z, 0-9, space and underscore",
            "DA" => IsDate(content) ? null : "YYYYMMDD",
            "DS" => DecimalForm().IsMatch(content) && content.Length <= 16 ? null : "a decimal number of at most 16 characters",
            "DT" => DateTimeForm().IsMatch(content) ? null : "YYYYMMDDHHMMSS.FFFFFF&ZZXX",
            "IS" => IntegerForm().IsMatch(content) && content.Length <= 12 && int.TryParse(content.Trim(' '), out _)
                ? null : "an integer of at most 12 characters between -2^31 and 2^31-1",
            "TM" => TimeForm().IsMatch(content) ? null : "HHMMSS.FFFFFF",
            "UI" => DicomUID.IsValidUid(content.TrimEnd('\0')) ? null : "a UID of at most 64 characters",
            "LO" or "SH" or "UC" => TooLong(vr, content) ?? (content.Any(IsControl) ? "no control characters" : null),
            "LT" or "ST" or "UT" => TooLong(vr, content) ?? (content.Any(c => IsControl(c) && c is not ('\r' or '\n' or '\f' or '\t'))
                ? "no control characters but CR, LF, FF and TAB" : null),
            "UR" => content.StartsWith(' ') || content.Any(IsControl) ? "a URI without leading spaces" : null,
            "PN" => PersonName(content),
            _ => null,
        };

        if (problem is not null)
        {
            throw new DicomValidationException(content, vr, $"expected {problem}");
        }
    }

    private static string? TooLong(DicomVR vr, string content) =>
        vr.MaximumLength > 0 && content.EnumerateRunes().Count() > vr.MaximumLength ? $"at most {vr.MaximumLength} characters" : null;

    private static string? PersonName(string content)
    {
        var groups = content.Split('=');
        return groups.Length > 3 || groups.Any(group => group.EnumerateRunes().Count() > 64 || group.Count(c => c == '^') > 4) || content.Any(IsControl)
            ? "at most 3 groups of 64 characters in at most 5 components, without control characters" : null;
    }

    // ESC is part of ISO 2022 text
    private static bool IsControl(char character) => character < 0x20 && character != 0x1B;

    // A range is what a query holds
    private static bool IsDate(string content) =>
        DateForm().IsMatch(content) && content.Split('-').All(part => part.Trim(' ').Length == 0 || DateTime.TryParseExact(part.Trim(' '), "yyyyMMdd",
            System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _));

    [GeneratedRegex(@"^\d{3}[DWMY]\z")]
    private static partial Regex AgeForm();

    [GeneratedRegex(@"^[A-Z0-9 _]{1,16}\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^(\d{8} *|\d{8}-|-\d{8}|\d{8}-\d{8} *)\z")]
    private static partial Regex DateForm();

    [GeneratedRegex(@"^ *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *\z")]
    private static partial Regex DecimalForm();

    [GeneratedRegex(@"^ *[+-]?\d+ *\z")]
    private static partial Regex IntegerForm();

    [GeneratedRegex(@"^-?\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?)?)?)?([+-](0\d|1[0-4])[0-5]\d)?(-\d{4,}.*)?-? *\z")]
    private static partial Regex DateTimeForm();

    [GeneratedRegex(@"^-?([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?(-(([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?)?)? *\z")]
    private static partial Regex TimeForm();
}
