using System.Globalization;

namespace FellowOakDicom;

/// <summary>Dates and times as DA, TM and DT write them (PS3.5 6.2), with the older forms that files still hold.</summary>
internal static class DateText
{
    private static readonly string[] Dates = ["yyyyMMdd", "yyyy.MM.dd", "yyyy/MM/dd", "yyyy-MM-dd", "yyyyMM", "yyyy"];
    private static readonly string[] Times = ["HHmmss", "HHmm", "HH", "HH:mm:ss", "HH:mm"];
    private static readonly string[] DateTimes = ["yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMddHH", "yyyyMMdd", "yyyyMM", "yyyy"];

    internal static string Format(DateTime value, DicomVR vr)
    {
        var fraction = value.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : "'.'ffffff";
        var format = vr == DicomVR.DA ? "yyyyMMdd" : vr == DicomVR.TM ? "HHmmss" + fraction : "yyyyMMddHHmmss" + fraction;
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A time is on the first day of year 1. The UTC offset of a DT is left out: the value is the local time it was taken at.</summary>
    /// <exception cref="FormatException">Not a date or time.</exception>
    internal static DateTime Parse(string text, DicomVR vr)
    {
        text = text.Trim(' ', '\0');
        if (vr == DicomVR.TM)
        {
            var time = ParseExact(WithoutFraction(text, out var ticks), Times);
            return new DateTime(time.TimeOfDay.Ticks + ticks, DateTimeKind.Unspecified);
        }

        if (vr == DicomVR.DA)
        {
            return ParseExact(text, Dates);
        }

        var offset = text.IndexOfAny(['+', '-']);
        return ParseExact(WithoutFraction(offset < 0 ? text : text[..offset], out var fraction), DateTimes).AddTicks(fraction);
    }

    private static string WithoutFraction(string text, out long ticks)
    {
        ticks = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return text;
        }

        var digits = text[(point + 1)..];
        if (digits.Length is 0 or > 7 || !digits.All(char.IsAsciiDigit))
        {
            throw new FormatException();
        }

        ticks = long.Parse(digits.PadRight(7, '0'), CultureInfo.InvariantCulture);
        return text[..point];
    }

    private static DateTime ParseExact(string text, string[] formats) =>
        DateTime.ParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault);
}
