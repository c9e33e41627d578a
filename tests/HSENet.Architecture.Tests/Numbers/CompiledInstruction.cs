using System.Reflection;
using System.Reflection.Emit;

namespace HSENet.Architecture.Tests.Numbers;

/// <param name="Offset">In the method's body, bytes.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Local">The local variable that it loads or stores; -1: none.</param>
/// <param name="Named">The method that it calls or takes the address of.</param>
internal sealed record CompiledInstruction(int Offset, OpCode Operation, int Local, MethodBase? Named)
{
    public bool IsLocalStore => Operation.Name!.StartsWith("stloc", StringComparison.Ordinal);

    public bool IsLocalLoad => Operation.Name!.StartsWith("ldloc", StringComparison.Ordinal);
}
