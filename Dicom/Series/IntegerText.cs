using System.Globalization;

namespace HSENet.Dicom.Series;

/// <summary>Integer strings (IS, PS3.5 6.2): a sign and leading zeros are no other number.</summary>
internal static class IntegerText
{
    public static bool TryParse(string? text, out int value) =>
        int.TryParse(text?.Trim(' ', '\0'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The number as it is written shortest; what is no number stays as it is.</summary>
    public static string? Normalise(string? text) => TryParse(text, out var value) ? value.ToString(CultureInfo.InvariantCulture) : text;
}
