using System.Globalization;

namespace HSENet.Dicom.Series;

/// <summary>Decimal strings (DS, PS3.5 6.2) as numbers: digits, sign, point and exponent only, and finite. A comma, a word or NaN is no number.</summary>
internal static class DecimalText
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static bool TryParse(string? text, out double value)
    {
        value = 0;
        var trimmed = text?.Trim(' ', '\0');
        return !string.IsNullOrEmpty(trimmed)
            && trimmed.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(trimmed, Style, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <returns>Exactly <paramref name="count"/> numbers, or null.</returns>
    public static double[]? TryParseAll(string? text, int count)
    {
        var parts = text?.Split('\\');
        if (parts is null || parts.Length != count)
            return null;

        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryParse(parts[i], out values[i]))
                return null;
        }

        return values;
    }

    /// <summary>The last place that a number is written to: 0.1 for "-117.5", 1 for "-120".</summary>
    /// <param name="text">A text that <see cref="TryParse"/> takes.</param>
    public static double LastPlace(string text)
    {
        var trimmed = text.Trim(' ', '\0');
        var mantissaEnd = trimmed.IndexOfAny(['e', 'E']);
        var mantissa = mantissaEnd < 0 ? trimmed : trimmed[..mantissaEnd];
        var exponent = mantissaEnd < 0 ? 0 : int.Parse(trimmed[(mantissaEnd + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        return Math.Pow(10, exponent - (point < 0 ? 0 : mantissa.Length - point - 1));
    }
}
