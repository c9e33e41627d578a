using System.Globalization;
using System.Reflection;

namespace HSENet.Toolkit.Tests.InTree;

/// <summary>Writes members the way reference/fo-dicom-api.txt does.</summary>
internal static class Signature
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(string)] = "string", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(ushort)] = "ushort", [typeof(byte)] = "byte",
        [typeof(long)] = "long", [typeof(bool)] = "bool", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    internal static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Access(constructor)}ctor({Parameters(constructor)})",
        MethodInfo method => $"{Access(method)}{Static(method)}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property => Property(property),
        EventInfo declared => $"event {Name(declared.EventHandlerType!)} {declared.Name}",
        FieldInfo { Name: "value__" } value => $"{Name(value.FieldType)} value__",
        // The list does not say which fields are protected
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        _ => throw new ArgumentException(member.ToString()),
    };

    internal static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static" : type.IsAbstract ? "abstract" : "class";

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod;
        var set = property.SetMethod is { } setter && IsVisible(setter) ? "set;" : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{Access(get!)}{Static(get!)}{Name(property.PropertyType)} {property.Name}{index} {{get;{set}}}";
    }

    internal static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = type.IsByRef ? "out/ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{prefix}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return "";
        }

        var type = parameter.ParameterType;
        return parameter.RawDefaultValue switch
        {
            null => "=null",
            var value when type.IsEnum => $"={Enum.ToObject(type, value)}",
            var value => "=" + Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(",", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
    }

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Access(MethodBase method) => method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "";

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";
}
