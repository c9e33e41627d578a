using System.Globalization;

namespace FellowOakDicom;

/// <summary>Turns one value of an element into the .NET type that the caller asks for. Nothing is rounded or cut silently.</summary>
internal static class ValueConverter
{
    /// <exception cref="DicomDataException">The value cannot be represented as <paramref name="target"/>.</exception>
    internal static object? To(Type target, object value, DicomElement element)
    {
        target = Nullable.GetUnderlyingType(target) ?? target;
        if (target.IsInstanceOfType(value))
        {
            return value;
        }

        try
        {
            return target switch
            {
                _ when target == typeof(string) => Text(value, element.ValueRepresentation),
                _ when target.IsEnum => Enumeration(target, value),
                _ when IsNumber(target) => Number(target, value),
                _ when value is string text => FromText(target, text, element.ValueRepresentation),
                _ => null,
            } ?? throw new DicomDataException($"{element.Tag} of VR {element.ValueRepresentation} cannot be read as {target.Name}");
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw new DicomDataException($"{element.Tag} of VR {element.ValueRepresentation} does not hold a valid {target.Name}");
        }
    }

    /// <summary>The text of a value as it would be written in <paramref name="vr"/>.</summary>
    internal static string Text(object? value, DicomVR vr) => value switch
    {
        null => "",
        string text => text,
        DicomUID uid => uid.UID,
        DicomTransferSyntax syntax => syntax.UID.UID,
        DateTime time => DateText.Format(time, vr),
        decimal number when vr == DicomVR.DS => DecimalText.Format(number),
        double number when vr == DicomVR.DS => DecimalText.Format(number),
        float number when vr == DicomVR.DS => DecimalText.Format(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static object? FromText(Type target, string text, DicomVR vr) => target switch
    {
        _ when target == typeof(DateTime) => DateText.Parse(text, vr),
        _ when target == typeof(DicomUID) => DicomUID.Parse(text),
        _ when target == typeof(DicomTransferSyntax) => DicomTransferSyntax.Parse(text),
        _ when target == typeof(DicomTag) => DicomTag.Parse(text),
        _ => null,
    };

    private static object Enumeration(Type target, object value)
    {
        if (value is not string text)
        {
            var number = Enum.ToObject(target, Number(typeof(long), value));
            return Enum.IsDefined(target, number) ? number : throw new FormatException();
        }

        var name = text.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && name[0] != '-'
            ? Enum.Parse(target, name, ignoreCase: true)
            : throw new FormatException();
    }

    private static object Number(Type target, object value)
    {
        if (value is string text)
        {
            value = target == typeof(double) || target == typeof(float)
                ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        var toInteger = target != typeof(double) && target != typeof(float) && target != typeof(decimal);
        var isIntegral = value switch
        {
            decimal number => decimal.Truncate(number) == number,
            double number => Math.Truncate(number) == number,
            float number => MathF.Truncate(number) == number,
            _ => true,
        };
        return toInteger && !isIntegral ? throw new FormatException() : Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
