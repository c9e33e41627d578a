namespace HSENet.Dicom.Decoder.Sandbox;

/// <summary>What the kernel lets the decoder have: setrlimit(2) and prctl(2).</summary>
internal static unsafe class ProcessLimits
{
    private const int Cpu = 0;
    private const int FileSize = 1;
    private const int Data = 2;
    private const int Core = 4;
    private const int OpenFiles = 7;
    private const int AddressSpace = 9;
    private const ulong LargestOpenFiles = 32;

    private const int ParentDeathSignal = 1;
    private const int Dumpable = 4;
    private const int NoNewPrivileges = 38;
    private const nuint Kill = 9;

    private const int ProcessClock = 2;     // CLOCK_PROCESS_CPUTIME_ID

    /// <summary>The kernel kills this process when the thread that started it ends.</summary>
    /// <returns>False when that parent has ended already.</returns>
    public static bool DieWithParent(int parent) =>
        Libc.ProcessControl(ParentDeathSignal, Kill, 0, 0, 0) == 0 && Libc.ParentId() == parent;

    /// <summary>
    /// Memory that can be written is limited, and address space beyond what the runtime has reserved at its start: some gigabytes that are
    /// never used, and cannot be made writable beyond the first limit.
    /// </summary>
    /// <returns>False when one of them could not be set.</returns>
    public static bool Apply(long memoryBytes) =>
        AddressSpaceBytes() is var reserved and > 0
        && Set(Data, (ulong)memoryBytes, (ulong)memoryBytes)
        && Set(AddressSpace, (ulong)(reserved + memoryBytes), (ulong)(reserved + memoryBytes))
        && Set(FileSize, 0, 0)
        && Set(Core, 0, 0)
        && Set(OpenFiles, LargestOpenFiles, LargestOpenFiles)
        && Libc.ProcessControl(Dumpable, 0, 0, 0, 0) == 0
        && Libc.ProcessControl(NoNewPrivileges, 1, 0, 0, 0) == 0;

    /// <summary>SIGXCPU ends the process after so much more processor time: it holds even where the parent does not look.</summary>
    public static bool AllowCpu(int seconds)
    {
        var now = stackalloc long[2];
        return Libc.Clock(ProcessClock, now) == 0 && Set(Cpu, (ulong)(now[0] + 1 + seconds), ulong.MaxValue);
    }

    /// <returns>Of this process now; 0 when the kernel does not tell.</returns>
    private static long AddressSpaceBytes()
    {
        var path = "/proc/self/statm\0"u8;
        var text = stackalloc byte[64];
        nint length;
        fixed (byte* name = path)
        {
            var file = Libc.Open(name, 0);
            if (file < 0)
                return 0;

            length = Libc.Read(file, text, 64);
            _ = Libc.Close(file);
        }

        long pages = 0;
        for (var i = 0; i < length && text[i] is >= (byte)'0' and <= (byte)'9'; i++)
            pages = pages * 10 + (text[i] - '0');

        return pages * Environment.SystemPageSize;
    }

    private static bool Set(int resource, ulong soft, ulong hard)
    {
        var limit = new Libc.ResourceLimit { Soft = soft, Hard = hard };
        return Libc.SetLimit(resource, &limit) == 0;
    }
}
