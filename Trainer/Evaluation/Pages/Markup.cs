using System.Globalization;
using System.Net;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Text and numbers as HTML.</summary>
internal static class Markup
{
    public const string Nothing = "–";

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Number(double? value, int digits = 3) => value is { } number && double.IsFinite(number)
        ? number.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : Nothing;

    public static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Percent(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %") : Nothing;

    /// <summary>A coordinate of a drawing.</summary>
    public static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
