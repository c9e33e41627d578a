using System.Globalization;

namespace HSENet.Dicom.Identity;

/// <summary>Text values in one form (PS3.5 6.2): without padding, numbers as numbers, names without empty components at their end.</summary>
internal static class ValueText
{
    public static string Normalise(ValueKind kind, string text) => kind switch
    {
        ValueKind.LongText => text.TrimEnd(' ', '\0'),
        ValueKind.Number => Each(text, Number),
        ValueKind.Name => Each(text, Name),
        _ => Each(text, Trim),
    };

    private static string Each(string text, Func<string, string> normalise) =>
        text.Contains('\\', StringComparison.Ordinal) ? string.Join('\\', text.Split('\\').Select(normalise)) : normalise(text);

    private static string Trim(string value) => value.Trim(' ', '\0');

    private static string Number(string value)
    {
        var trimmed = Trim(value);
        return double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture)
            : trimmed;
    }

    private static string Name(string value) =>
        string.Join('=', Trim(value).Split('=').Select(group => string.Join('^', group.Split('^').Select(Trim)).TrimEnd('^'))).TrimEnd('=');
}
