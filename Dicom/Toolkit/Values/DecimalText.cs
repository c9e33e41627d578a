using System.Globalization;

namespace FellowOakDicom;

/// <summary>Numbers as Decimal Strings: at most 16 characters (PS3.5 6.2), as exact as these allow.</summary>
internal static class DecimalText
{
    private const int MaximumLength = 16;

    internal static string Format(decimal value)
    {
        var text = value.ToString("0.############################", CultureInfo.InvariantCulture);
        return text.Length <= MaximumLength ? text : Shorten(precision => value.ToString($"G{precision}", CultureInfo.InvariantCulture));
    }

    /// <exception cref="DicomDataException">Not a number, or infinite.</exception>
    internal static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new DicomDataException("A Decimal String cannot hold an infinity or what is not a number");
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Length <= MaximumLength ? text : Shorten(precision => value.ToString($"G{precision}", CultureInfo.InvariantCulture));
    }

    /// <summary>A float is written with its own shortest digits, not with those of the double next to it.</summary>
    internal static string Format(float value) =>
        float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : Format((double)value);

    private static string Shorten(Func<int, string> format)
    {
        for (var precision = MaximumLength - 1; precision > 1; precision--)
        {
            if (format(precision) is { Length: <= MaximumLength } text)
            {
                return text;
            }
        }

        return format(1);
    }
}
