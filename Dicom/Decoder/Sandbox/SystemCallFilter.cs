using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Sandbox;

/// <summary>
/// seccomp(2) for every thread: reading, memory and threads go on; opening for writing, sockets, other programs and processes kill the
/// process; anything else fails with EPERM.
/// </summary>
internal static unsafe class SystemCallFilter
{
    private const nuint SetFilter = 1;              // SECCOMP_SET_MODE_FILTER
    private const nuint EveryThread = 1;            // SECCOMP_FILTER_FLAG_TSYNC

    private const uint NumberOffset = 0;            // struct seccomp_data
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;        // the lower half of a little endian 64-bit argument

    private const uint X32Bit = 0x40000000;
    private const uint NotPermitted = 1;            // EPERM
    private const uint NotImplemented = 38;         // ENOSYS
    private const uint Writing = 1 | 2 | 0x40 | 0x200 | 0x400;  // O_WRONLY O_RDWR O_CREAT O_TRUNC O_APPEND
    private const uint Thread = 0x10000;            // CLONE_THREAD
    private const uint GetLock = 5;                 // F_GETLK, after F_SETFL and what the runtime uses
    private const uint SetName = 15;                // PR_SET_NAME

    /// <returns>False when the kernel refuses, or the processor is not known.</returns>
    public static bool Install()
    {
        if (SystemCalls.Current is not { } calls)
            return false;

        var instructions = Program(calls, (uint)Environment.ProcessId).ToArray();
        fixed (FilterInstruction* first = instructions)
        {
            var program = new FilterProgram { Length = (ushort)instructions.Length, First = first };
            return Libc.SystemCall((nint)calls.Seccomp, SetFilter, EveryThread, (nuint)(&program)) == 0;
        }
    }

    /// <summary>The filter's instructions.</summary>
    public static List<FilterInstruction> Program(SystemCalls calls, uint processId)
    {
        List<FilterInstruction> program =
        [
            FilterInstruction.Load(ArchitectureOffset),
            FilterInstruction.WhenEqual(calls.Architecture, 1, 0),
            FilterInstruction.Return(FilterInstruction.KillProcess),
            FilterInstruction.Load(NumberOffset),
            FilterInstruction.WhenAtLeast(X32Bit, 0, 1),
            FilterInstruction.Return(FilterInstruction.KillProcess),
        ];
        foreach (var call in calls.Allowed)
            Always(program, call, FilterInstruction.Return(FilterInstruction.Allow));

        ByArgument(program, calls.OpenAt, 2, FilterInstruction.WhenAnyBit(Writing, 0, 1), kill: true);
        if (calls.Open is { } open)
            ByArgument(program, open, 1, FilterInstruction.WhenAnyBit(Writing, 0, 1), kill: true);

        // the C library takes clone where clone3, whose flags lie in memory, is absent
        Always(program, calls.Clone3, FilterInstruction.Fail(NotImplemented));
        ByArgument(program, calls.Clone, 0, FilterInstruction.WhenAnyBit(Thread, 1, 0), kill: true);
        ByArgument(program, calls.ThreadKill, 0, FilterInstruction.WhenEqual(processId, 1, 0), kill: true);
        ByArgument(program, calls.ProcessLimits, 0, FilterInstruction.WhenEqual(0, 1, 0), kill: false);
        ByArgument(program, calls.FileControl, 1, FilterInstruction.WhenAtLeast(GetLock, 0, 1), kill: false);
        ByArgument(program, calls.ProcessControl, 0, FilterInstruction.WhenEqual(SetName, 1, 0), kill: false);

        foreach (var call in calls.Fatal)
            Always(program, call, FilterInstruction.Return(FilterInstruction.KillProcess));

        program.Add(FilterInstruction.Fail(NotPermitted));
        return program;
    }

    private static void Always(List<FilterInstruction> program, uint call, FilterInstruction answer)
    {
        program.Add(FilterInstruction.WhenEqual(call, 0, 1));
        program.Add(answer);
    }

    /// <param name="test">Jumps by 1 to allow, by 0 to deny.</param>
    private static void ByArgument(List<FilterInstruction> program, uint call, uint argument, FilterInstruction test, bool kill)
    {
        program.Add(FilterInstruction.WhenEqual(call, 0, 4));
        program.Add(FilterInstruction.Load(ArgumentsOffset + 8 * argument));
        program.Add(test);
        program.Add(kill ? FilterInstruction.Return(FilterInstruction.KillProcess) : FilterInstruction.Fail(NotPermitted));
        program.Add(FilterInstruction.Return(FilterInstruction.Allow));
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public FilterInstruction* First;
    }
}
