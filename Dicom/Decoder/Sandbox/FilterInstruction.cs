using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Sandbox;

/// <summary>struct sock_filter: one instruction of the classic Berkeley packet filter, over struct seccomp_data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
{
    public const uint Allow = 0x7FFF0000;
    public const uint KillProcess = 0x80000000;
    private const uint FailWith = 0x00050000;

    public static FilterInstruction Load(uint offset) => new(0x20, 0, 0, offset);

    public static FilterInstruction WhenEqual(uint value, byte ifTrue, byte ifFalse) => new(0x15, ifTrue, ifFalse, value);

    public static FilterInstruction WhenAtLeast(uint value, byte ifTrue, byte ifFalse) => new(0x35, ifTrue, ifFalse, value);

    public static FilterInstruction WhenAnyBit(uint bits, byte ifTrue, byte ifFalse) => new(0x45, ifTrue, ifFalse, bits);

    public static FilterInstruction Return(uint action) => new(0x06, 0, 0, action);

    public static FilterInstruction Fail(uint errorNumber) => Return(FailWith | errorNumber);
}
