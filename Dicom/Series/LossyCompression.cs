using System.Globalization;
using HSENet.Dicom.Codecs;

namespace HSENet.Dicom.Series;

/// <summary>What the data set says of lossy compression its pixels have been through (PS3.3 C.7.6.1.1.5).</summary>
/// <param name="Ratio">Lossy Image Compression Ratio (0028,2112), the highest that is told; null when none is.</param>
/// <param name="Methods">Lossy Image Compression Method (0028,2114), in alphabetical order; code strings only.</param>
public sealed record LossyCompression(double? Ratio, IReadOnlyList<string> Methods)
{
    private const int LongestCode = 16;

    /// <summary>For a report, for example "ISO_10918_1, ratio up to 8.9:1".</summary>
    public override string ToString()
    {
        var methods = Methods.Count == 0 ? "method not told" : string.Join(", ", Methods);
        return Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{methods}, ratio up to {ratio:0.#}:1") : methods;
    }

    /// <returns>Null when neither the attributes nor the transfer syntax tell of a loss.</returns>
    internal static LossyCompression? Of(string? flag, string? ratios, string? methods, string transferSyntaxUid)
    {
        if (flag != "01" && !Compression.IsLossy(transferSyntaxUid))
            return null;

        double? ratio = null;
        foreach (var text in (ratios ?? "").Split('\\'))
        {
            if (DecimalText.TryParse(text, out var value) && value is > 0 and < 10_000)
                ratio = Math.Max(ratio ?? 0, value);
        }

        return new(ratio, Codes((methods ?? "").Split('\\')));
    }

    /// <returns>All of a series; null when no slice lost anything.</returns>
    internal static LossyCompression? Of(IEnumerable<LossyCompression?> slices)
    {
        var lossy = slices.OfType<LossyCompression>().ToArray();
        return lossy.Length == 0 ? null : new(lossy.Max(s => s.Ratio), Codes(lossy.SelectMany(s => s.Methods)));
    }

    private static string[] Codes(IEnumerable<string> methods) =>
        [.. methods.Select(m => m.Trim()).Where(IsCode).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsCode(string text) =>
        text.Length is > 0 and <= LongestCode && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '_' or ' ');
}
