using System.Reflection;

namespace HSENet.Architecture.Tests.Numbers;

/// <summary>A member's name as documentation files and the analyzer of banned symbols write it (C# specification, annex D.4.2).</summary>
internal static class DocumentationName
{
    public static string Of(MethodBase method)
    {
        var owner = TypeName(method.DeclaringType!);
        if (method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal)))
        {
            return $"P:{owner}.{method.Name[4..]}";
        }

        var generic = method is MethodInfo { IsGenericMethod: true } ? "``" + method.GetGenericArguments().Length : string.Empty;
        var parameters = method.GetParameters();
        var list = parameters.Length == 0 ? string.Empty : $"({string.Join(',', parameters.Select(parameter => Reference(parameter.ParameterType)))})";
        var result = method.Name is "op_Implicit" or "op_Explicit" ? "~" + Reference(((MethodInfo)method).ReturnType) : string.Empty;
        return $"M:{owner}.{(method.IsConstructor ? "#ctor" : method.Name)}{generic}{list}{result}";
    }

    private static string TypeName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Reference(Type type) => type switch
    {
        { IsByRef: true } => Reference(type.GetElementType()!) + "@",
        { IsArray: true } => Reference(type.GetElementType()!) + "[]",
        { IsGenericMethodParameter: true } => "``" + type.GenericParameterPosition,
        { IsGenericParameter: true } => "`" + type.GenericParameterPosition,
        { IsGenericType: true } => $"{TypeName(type).Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(Reference))}}}",
        _ => TypeName(type),
    };
}
