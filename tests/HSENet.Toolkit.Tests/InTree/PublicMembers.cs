using System.Reflection;
using FellowOakDicom;

namespace HSENet.Toolkit.Tests.InTree;

/// <summary>What the in-tree toolkit shows to others.</summary>
internal static class PublicMembers
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    internal static IEnumerable<Type> Types => typeof(DicomTag).Assembly.GetExportedTypes();

    /// <summary>Public and protected members that a type declares itself; no operators, accessors or compiler's doing.</summary>
    internal static IEnumerable<MemberInfo> Of(Type type) => type.GetMembers(Declared).Where(IsVisible);

    private static bool IsVisible(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => !constructor.IsStatic && Signature.IsVisible(constructor),
        MethodInfo method => !method.IsSpecialName && Signature.IsVisible(method),
        PropertyInfo property => property.GetMethod is { } getter && Signature.IsVisible(getter),
        EventInfo declared => declared.AddMethod is { } adder && Signature.IsVisible(adder),
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };
}
