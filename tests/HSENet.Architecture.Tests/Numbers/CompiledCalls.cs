using System.Reflection;
using System.Reflection.Emit;

namespace HSENet.Architecture.Tests.Numbers;

/// <summary>Reads which methods a compiled method names: calls, creations and delegates.</summary>
internal static class CompiledCalls
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_operations =
        typeof(OpCodes).GetFields().Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    public static IEnumerable<MethodBase> MethodsOf(Assembly assembly) =>
        assembly.GetTypes().SelectMany(type => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)));

    public static List<MethodBase> Of(MethodBase method) => [.. Instructions(method).Select(item => item.Named).OfType<MethodBase>()];

    /// <summary>The same method, whatever its type arguments.</summary>
    public static (Module Module, int Token) Key(MethodBase method) => (method.Module, method.MetadataToken);

    public static IEnumerable<CompiledInstruction> Instructions(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var start = at;
            short value = code[at++];
            var operation = s_operations[value == 0xfe ? (short)(0xfe00 | code[at++]) : value];
            var size = SizeOf(operation, code, at);
            var named = operation.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                ? method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments) as MethodBase
                : null;
            yield return new CompiledInstruction(start, operation, Local(operation, code, at), named);
            at += size;
        }
    }

    private static int SizeOf(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    /// <returns>The local variable that is loaded or stored; -1: none.</returns>
    private static int Local(OpCode operation, byte[] code, int at) => operation.Name switch
    {
        "ldloc.s" or "stloc.s" => code[at],
        "ldloc" or "stloc" => BitConverter.ToUInt16(code, at),
        { } name when name.StartsWith("ldloc.", StringComparison.Ordinal) || name.StartsWith("stloc.", StringComparison.Ordinal) => name[^1] - '0',
        _ => -1,
    };
}
