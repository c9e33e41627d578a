using System.ComponentModel;
using System.Globalization;

namespace HSENet.Worker.Configuration;

/// <summary>A size in bytes; written as a number or with a binary unit: <c>5368709120</c>, <c>5GiB</c>, <c>200MiB</c>.</summary>
[TypeConverter(typeof(ByteSizeConverter))]
internal readonly record struct ByteSize(long Bytes)
{
    private static readonly (string Suffix, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];

    public static ByteSize FromGiB(long count) => new(count << 30);

    public static bool TryParse(string text, out ByteSize size)
    {
        size = default;
        var trimmed = text.Trim();
        var shift = 0;
        foreach (var (suffix, unitShift) in Units)
        {
            if (trimmed.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                trimmed = trimmed[..^suffix.Length].TrimEnd();
                shift = unitShift;
                break;
            }
        }

        if (!long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue >> shift)
        {
            return false;
        }

        size = new ByteSize(count << shift);
        return true;
    }

    public override string ToString() => Bytes.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Lets the configuration binder read <see cref="ByteSize"/>.</summary>
internal sealed class ByteSizeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is not string text ? base.ConvertFrom(context, culture, value)
        : ByteSize.TryParse(text, out var size) ? size
        : throw new FormatException("A size is a number of bytes, or a number with KiB, MiB, GiB or TiB.");
}
