using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Dicom.Reports;

/// <summary>
/// What is left of a copied value once its VR has been heard (PS3.5 6.2): a report with an illegal value would be turned away by the archive that holds the
/// source. Text loses control characters only, so that identifiers stay as they are, however long; a date, time, code or number that is none is left out.
/// </summary>
internal static partial class CopiedText
{
    /// <returns>The value, or null when nothing of it can be written.</returns>
    public static string? Legal(string vr, string value)
    {
        if (string.IsNullOrEmpty(value))
            return "";

        var text = vr is "LT" or "ST" or "UT" ? ReportText.Normalise(value) : string.Concat(value.Where(c => !char.IsControl(c)));
        return vr switch
        {
            "DA" => Date(text.Replace(".", "", StringComparison.Ordinal)),      // ACR-NEMA wrote dots, and colons in times
            "TM" => Match(Time(), text.Replace(":", "", StringComparison.Ordinal)),
            "AS" => Match(Age(), text),
            "CS" => Match(CodeString(), text.Trim().ToUpperInvariant()),
            "UI" => Match(Uid(), text.Trim()),
            "DS" => Match(DecimalString(), text.Trim()),
            "IS" => Match(IntegerString(), text.Trim()),
            _ => text,
        };
    }

    private static string? Date(string text) =>
        DateOnly.TryParseExact(text.Trim(), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text.Trim() : null;

    private static string? Match(Regex pattern, string text) => pattern.IsMatch(text.TrimEnd()) ? text.TrimEnd() : null;

    [GeneratedRegex(@"^([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^\d{3}[DWMY]\z")]
    private static partial Regex Age();

    [GeneratedRegex(@"^[A-Z0-9_ ]{1,16}\z")]
    private static partial Regex CodeString();

    [GeneratedRegex(@"^(?=.{1,64}\z)(0|[1-9]\d*)(\.(0|[1-9]\d*))+\z")]
    private static partial Regex Uid();

    [GeneratedRegex(@"^(?=.{1,16}\z)[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\z")]
    private static partial Regex DecimalString();

    [GeneratedRegex(@"^[+-]?\d{1,10}\z")]
    private static partial Regex IntegerString();
}
