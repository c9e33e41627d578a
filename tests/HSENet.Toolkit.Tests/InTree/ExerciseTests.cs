using System.Reflection;
using FellowOakDicom;

namespace HSENet.Toolkit.Tests.InTree;

/// <summary>Nothing public goes without a test that calls it. Tables of constants have tests of their own that look at each value.</summary>
public class ExerciseTests
{
    [Fact]
    public void Every_public_member_of_the_data_half_is_called_by_some_test() => Check(type => !IsNetwork(type));

    [Fact]
    public void Every_public_member_of_the_network_half_is_called_by_some_test() => Check(IsNetwork);

    private static Assembly[] Tests => [typeof(ExerciseTests).Assembly, typeof(Contract.Tests.ContractTests).Assembly];

    private static Type[] OwnTypes => [.. Tests.SelectMany(assembly => assembly.GetTypes())];

    /// <summary>The network classes, and what they need to be set up.</summary>
    private static bool IsNetwork(Type type) =>
        type.Namespace is not ("FellowOakDicom" or "FellowOakDicom.IO" or "FellowOakDicom.IO.Buffer" or "FellowOakDicom.IO.Writer")
        || type.Name is "DicomSetupBuilder" or "IServiceCollectionExtension" or "IFileReference" or "IDirectoryReference";

    private static void Check(Func<Type, bool> half)
    {
        var called = Tests.SelectMany(assembly => References.Of(assembly.Location)).ToHashSet(StringComparer.Ordinal);
        var idle = PublicMembers.Types.Where(half).Where(type => !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(PublicMembers.Of)
            .Where(member => !Calls(member).All(called.Contains))
            .Select(member => $"{member.DeclaringType!.FullName}: {Signature.Of(member)}")
            .ToList();
        Assert.True(idle.Count == 0, $"{idle.Count} without a call:{Environment.NewLine}{string.Join(Environment.NewLine, idle)}");
    }

    /// <summary>How a caller of the member shows up in metadata; nothing for what callers reach only through a base type.</summary>
    private static IEnumerable<string> Calls(MemberInfo member) => member switch
    {
        FieldInfo field when field.FieldType == field.DeclaringType => [],
        FieldInfo field => [$"{References.TypeName(field.DeclaringType!)}.{field.Name}"],
        PropertyInfo property => Accessors(property).SelectMany(Calls),
        EventInfo declared => Calls(declared.AddMethod!),
        MethodInfo method when method.GetBaseDefinition().DeclaringType != method.DeclaringType => [],
        MethodInfo method when IsFilledInByTests(method) || ImplementsForCallers(method) => [],
        ConstructorInfo { DeclaringType.IsAbstract: true } => [],
        MethodBase method => [References.Of(method)],
        _ => [],
    };

    /// <summary>A test class overrides the method, or implements the interface it belongs to.</summary>
    private static bool IsFilledInByTests(MethodInfo method) => method.IsVirtual && Array.Exists(OwnTypes, type =>
        method.DeclaringType!.IsInterface
            ? method.DeclaringType.IsAssignableFrom(type)
            : type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Any(own => own.Name == method.Name && own.GetBaseDefinition().DeclaringType == method.GetBaseDefinition().DeclaringType));

    /// <summary>Callers go through one of the toolkit's interfaces, whose members are looked at in their own right.</summary>
    private static bool ImplementsForCallers(MethodInfo method) =>
        !method.DeclaringType!.IsInterface && !method.IsStatic && method.DeclaringType.GetInterfaces()
            .Where(type => type.Assembly == method.DeclaringType.Assembly)
            .Any(type => method.DeclaringType.GetInterfaceMap(type).TargetMethods.Contains(method));

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(Signature.IsVisible);
}
