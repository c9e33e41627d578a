using System.Reflection;
using TorchSharp;

namespace HSENet.Architecture.Tests.Numbers;

/// <summary>
/// Numbers reach native code in objects that are held until it returns (Model/Runtime/Numbers.cs says why). The compiler refuses what the
/// list of banned symbols names; these tests hold the list to the package, and read the compiled projects for what the compiler's analyzer
/// does not see.
/// </summary>
public class NumberRuleTests
{
    private const string ListPath = ".config/BannedSymbols.TorchSharp.txt";

    /// <summary>At risk by what they call, and not as we call them.</summary>
    private static readonly HashSet<string> s_allowed =
    [
        // converts those arguments that are numbers; FusedAdamW hands it scalars
        "M:TorchSharp.torch.jit.CompilationUnit.invoke(System.String,System.Object[])",
    ];

    [Fact]
    public void The_banned_symbols_are_the_package_s_members_that_let_go_of_a_number()
    {
        var listed = SourceTree.Lines(ListPath).Select(line => line.Split(';')[0]).Where(line => line.Length > 0).ToHashSet();
        var found = NumberRisk.Members.Where(IsReachable).Concat(typeof(Scalar).GetMethods().Where(method => method.Name == "op_Implicit"))
            .Select(DocumentationName.Of).Where(name => !s_allowed.Contains(name)).ToHashSet();
        Assert.True(listed.SetEquals(found), $"missing in {ListPath}:\n{Lines(found.Except(listed))}\nno longer so:\n{Lines(listed.Except(found))}");
    }

    [Theory]
    [InlineData("HSENet.Model")]
    [InlineData("hsenet-train")]
    public void No_call_lets_go_of_a_number(string assembly)
    {
        var wrong = CompiledCalls.MethodsOf(Assembly.Load(assembly)).SelectMany(AtRisk);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("HSENet.Model")]
    [InlineData("hsenet-train")]
    public void Every_scalar_is_held_by_a_static_field_or_by_using(string assembly)
    {
        var methods = CompiledCalls.MethodsOf(Assembly.Load(assembly)).ToList();
        Assert.Empty(methods.SelectMany(NotHeld));
        Assert.Contains(methods, method => CompiledCalls.Of(method).Exists(NumberRisk.IsNamedConversion));
    }

    [Fact]
    public void Modules_of_the_package_that_let_go_of_a_number_are_not_used()
    {
        var forwards = NumberRisk.Members.Where(method => method.Name is "forward" or "step").Select(method => method.DeclaringType!).ToHashSet();
        Assert.Contains(typeof(TorchSharp.Modules.ELU), forwards);
        foreach (var assembly in new[] { "HSENet.Model", "hsenet-train" })
        {
            var used = CompiledCalls.MethodsOf(Assembly.Load(assembly)).SelectMany(CompiledCalls.Of)
                .Select(called => called.IsConstructor ? called.DeclaringType! : ((MethodInfo)called).ReturnType);
            Assert.DoesNotContain(used, forwards.Contains);
        }
    }

    [Fact]
    public void The_reader_sees_each_way_to_let_go_of_a_number()
    {
        foreach (var name in new[] { nameof(PlantedNumbers.Operator), nameof(PlantedNumbers.Argument), nameof(PlantedNumbers.InTheLibrary), nameof(PlantedNumbers.Read) })
        {
            Assert.NotEmpty(AtRisk(typeof(PlantedNumbers).GetMethod(name)!));
        }

        Assert.NotEmpty(NotHeld(typeof(PlantedNumbers).GetMethod(nameof(PlantedNumbers.Passed))!));
        Assert.NotEmpty(NotHeld(typeof(PlantedNumbers).GetMethod(nameof(PlantedNumbers.LeftToTheCollector))!));
        var sound = typeof(PlantedNumbers).GetMethod(nameof(PlantedNumbers.Held))!;
        Assert.Empty(AtRisk(sound).Concat(NotHeld(sound)));
    }

    private static IEnumerable<string> AtRisk(MethodBase method) => CompiledCalls.Of(method).Where(NumberRisk.IsAtRisk).Select(DocumentationName.Of)
        .Where(name => !s_allowed.Contains(name)).Select(name => $"{method.DeclaringType}.{method.Name} calls {name}");

    /// <summary>
    /// A scalar made by name is stored at once: in a static field, or in a local variable that a finally block reads, which is what using
    /// makes.
    /// </summary>
    private static IEnumerable<string> NotHeld(MethodBase method)
    {
        var instructions = CompiledCalls.Instructions(method).ToList();
        var ends = method.GetMethodBody()?.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Finally).ToList() ?? [];
        for (var i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].Named is not { } named || !NumberRisk.IsNamedConversion(named))
            {
                continue;
            }

            var next = instructions[i + 1];
            var isHeld = next.Operation.Name == "stsfld" || (next.IsLocalStore && instructions.Exists(load => load.IsLocalLoad && load.Local == next.Local
                && ends.Exists(clause => load.Offset >= clause.HandlerOffset && load.Offset < clause.HandlerOffset + clause.HandlerLength)));
            if (!isHeld)
            {
                yield return $"{method.DeclaringType}.{method.Name} at {instructions[i].Offset}";
            }
        }
    }

    private static bool IsReachable(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && IsReachable(method.DeclaringType!);

    private static bool IsReachable(Type type) => type.IsPublic || (type.IsNestedPublic && IsReachable(type.DeclaringType!));

    private static string Lines(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));
}
