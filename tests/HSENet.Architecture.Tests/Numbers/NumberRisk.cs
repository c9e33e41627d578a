using System.Reflection;
using TorchSharp;

namespace HSENet.Architecture.Tests.Numbers;

/// <summary>
/// Which members of TorchSharp turn a number into a <see cref="Scalar"/> that nothing holds while native code reads it: those that convert
/// one themselves, and those that call them. Read from the package as it is compiled.
/// </summary>
internal static class NumberRisk
{
    private static readonly Lazy<Dictionary<(Module, int), MethodBase>> s_members = new(Find);

    public static IReadOnlyCollection<MethodBase> Members => s_members.Value.Values;

    public static bool IsAtRisk(MethodBase method) => IsImplicit(method) || s_members.Value.ContainsKey(CompiledCalls.Key(method));

    /// <summary>The conversion by name, whose result a caller can hold.</summary>
    public static bool IsNamedConversion(MethodBase method) =>
        (method.DeclaringType == typeof(ScalarExtensionMethods) && method is MethodInfo { ReturnType.Name: nameof(Scalar) })
        || (method.IsConstructor && method.DeclaringType == typeof(Scalar))
        || (method.DeclaringType == typeof(torch.Tensor) && method.Name == nameof(torch.Tensor.ToScalar));

    private static bool IsImplicit(MethodBase method) => method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit";

    private static Dictionary<(Module, int), MethodBase> Find()
    {
        var methods = CompiledCalls.MethodsOf(typeof(Scalar).Assembly)
            .Where(method => method.DeclaringType != typeof(Scalar) && !IsNamedConversion(method)).ToList();
        var calls = methods.ToDictionary(CompiledCalls.Key, CompiledCalls.Of);
        var found = methods.Where(method => calls[CompiledCalls.Key(method)].Exists(called => IsImplicit(called) || IsNamedConversion(called)))
            .ToDictionary(CompiledCalls.Key);
        while (true)
        {
            var more = methods.Where(method => !found.ContainsKey(CompiledCalls.Key(method))
                && calls[CompiledCalls.Key(method)].Exists(called => found.ContainsKey(CompiledCalls.Key(called)))).ToList();
            if (more.Count == 0)
            {
                return found;
            }

            foreach (var method in more)
            {
                found.Add(CompiledCalls.Key(method), method);
            }
        }
    }
}
