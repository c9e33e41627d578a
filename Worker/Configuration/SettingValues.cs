using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Configuration;

/// <summary>Values of the wrong kind, told in the setting's own terms: the key, what was given, what is wanted, an example.</summary>
internal static partial class SettingValues
{
    /// <param name="section">Known keys only.</param>
    /// <param name="options">The options that the section is bound to, with their defaults.</param>
    public static IEnumerable<string> Wrong(IConfigurationSection section, object options)
    {
        foreach (var child in section.GetChildren())
        {
            var property = options.GetType().GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is not null)
            {
                foreach (var wrong in Wrong(child, property.PropertyType, property.GetValue(options)))
                {
                    yield return wrong;
                }
            }
        }
    }

    /// <summary>Adds to a broken rule what was given and the default, where the key that it begins with is a number, a size or a duration.</summary>
    public static string Explain(string failure, IConfiguration configuration, object options)
    {
        var key = Key().Match(failure).Value;
        object? at = options;
        PropertyInfo? property = null;
        foreach (var name in key.Split(':').Skip(1))
        {
            at = property is null ? at : property.GetValue(at);
            property = at is null or string ? null : at.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
            if (property is null)
            {
                return failure; // of a list, which has no defaults
            }
        }

        return property is not null && Kind(property.PropertyType) is { } kind && configuration[key] is { } value
            ? $"{failure}: it is {OperatorText.Clean(value)}, the default is {Text(property.GetValue(at)) ?? kind.Example}"
            : failure;
    }

    private static IEnumerable<string> Wrong(IConfigurationSection section, Type type, object? otherwise)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            var item = type.GetGenericArguments()[0];
            return Scalar(section, "0").Concat(section.GetChildren().SelectMany(child => Wrong(child, item, null)));
        }

        if (type.Namespace == typeof(SettingValues).Namespace && type.IsClass)
        {
            var options = otherwise ?? Activator.CreateInstance(type)!;
            var first = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).First(p => p.CanWrite).Name;
            return Scalar(section, first).Concat(Wrong(section, options));
        }

        return Kind(type) is { } kind && section.Value is { } value && !IsOfKind(Nullable.GetUnderlyingType(type) ?? type, value)
            ? [$"{section.Path} is \"{OperatorText.Clean(value)}\": {kind.Wanted} is wanted, such as {Text(otherwise) ?? kind.Example}"]
            : [];
    }

    /// <summary>A value where settings below it are wanted. An empty list in a file comes as an empty value.</summary>
    private static IEnumerable<string> Scalar(IConfigurationSection section, string below) =>
        string.IsNullOrEmpty(section.Value) ? []
        : [$"{section.Path} has a value of its own: settings below it are wanted, such as {section.Path}:{below}"];

    private static bool IsOfKind(Type type, string value)
    {
        if (type == typeof(TimeSpan))
        {
            // "20" would be twenty days, and "24:00:00" twenty-four
            return Duration().IsMatch(value) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
#pragma warning disable CA1031 // converters throw what they like
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <returns>Null for text, of which any is a value.</returns>
    private static (string Wanted, string Example)? Kind(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(TimeSpan) => ("a duration hh:mm:ss, or days.hh:mm:ss,", "00:01:00"),
            _ when bare == typeof(ByteSize) => ("a size in bytes, or with KiB, MiB, GiB or TiB,", "5GiB"),
            _ when bare == typeof(bool) => ("true or false", "true"),
            { IsEnum: true } => ($"one of {string.Join(", ", Enum.GetNames(bare))}", Enum.GetNames(bare)[0]),
            { IsPrimitive: true } when bare == typeof(double) || bare == typeof(float) => ("a number", "1.5"),
            { IsPrimitive: true } => ("a whole number", "1"),
            _ => null,
        };
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        ByteSize { Bytes: > 0 and var bytes } when bytes % (1L << 30) == 0 => $"{bytes >> 30}GiB",
        ByteSize { Bytes: > 0 and var bytes } when bytes % (1L << 20) == 0 => $"{bytes >> 20}MiB",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^HSENet(:\w+)+")]
    private static partial Regex Key();

    [GeneratedRegex(@"^(\d{1,4}\.)?([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(\.\d{1,7})?$")]
    private static partial Regex Duration();
}
