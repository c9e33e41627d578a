using HSENet.Dicom.Decoder.Sandbox;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>The filter's program, run here as the kernel would, for both architectures: this machine has one of them.</summary>
public sealed class SystemCallFilterTests
{
    private const uint Pid = 4711;
    private const uint Allow = 0x7FFF0000;
    private const uint Kill = 0x80000000;
    private const uint NotPermitted = 0x00050001;
    private const uint NotImplemented = 0x00050026;

    public static TheoryData<bool> Architectures => [false, true];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Work_is_allowed_and_everything_else_is_not(bool isArm)
    {
        var calls = isArm ? SystemCalls.Arm64 : SystemCalls.X64;
        Assert.All(calls.Allowed, call => Assert.Equal(Allow, Run(calls, call)));
        Assert.All(calls.Fatal, call => Assert.Equal(Kill, Run(calls, call)));
        Assert.Empty(calls.Allowed.Intersect(calls.Fatal));
        Assert.Equal(NotPermitted, Run(calls, 9999));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Files_are_opened_for_reading_only(bool isArm)
    {
        var calls = isArm ? SystemCalls.Arm64 : SystemCalls.X64;
        Assert.Equal(Allow, Run(calls, calls.OpenAt, 0, 0, 0x80000));
        foreach (var flag in (uint[])[1, 2, 0x40, 0x200, 0x400, 0x241])
            Assert.Equal(Kill, Run(calls, calls.OpenAt, 0, 0, flag));

        if (calls.Open is { } open)
        {
            Assert.Equal(Allow, Run(calls, open, 0, 0));
            Assert.Equal(Kill, Run(calls, open, 0, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Threads_are_started_and_processes_are_not(bool isArm)
    {
        var calls = isArm ? SystemCalls.Arm64 : SystemCalls.X64;
        Assert.Equal(Allow, Run(calls, calls.Clone, 0x3D0F00));
        Assert.Equal(Kill, Run(calls, calls.Clone, 17));
        Assert.Equal(NotImplemented, Run(calls, calls.Clone3));
        Assert.Equal(Allow, Run(calls, calls.ThreadKill, Pid));
        Assert.Equal(Kill, Run(calls, calls.ThreadKill, Pid + 1));
        Assert.Equal(Allow, Run(calls, calls.ProcessLimits, 0));
        Assert.Equal(NotPermitted, Run(calls, calls.ProcessLimits, Pid));
        Assert.Equal(Allow, Run(calls, calls.ProcessControl, 15));
        Assert.Equal(NotPermitted, Run(calls, calls.ProcessControl, 4));
        Assert.Equal(Allow, Run(calls, calls.FileControl, 3, 2));
        Assert.Equal(NotPermitted, Run(calls, calls.FileControl, 3, 7));
    }

    [Fact]
    public void Calls_of_another_architecture_kill()
    {
        Assert.Equal(Kill, Run(SystemCalls.X64, 0, architecture: SystemCalls.Arm64.Architecture));
        Assert.Equal(Kill, Run(SystemCalls.X64, 0, architecture: 0x40000003));         // 32 bit
        Assert.Equal(Kill, Run(SystemCalls.X64, 0x40000000));                          // x32
        Assert.Equal(Kill, Run(SystemCalls.Arm64, 63, architecture: 0x40000028));
    }

    private static uint Run(SystemCalls calls, uint number, uint a = 0, uint b = 0, uint c = 0, uint? architecture = null)
    {
        var data = new Dictionary<uint, uint> { [0] = number, [4] = architecture ?? calls.Architecture, [16] = a, [24] = b, [32] = c };
        var program = SystemCallFilter.Program(calls, Pid);
        uint value = 0;
        for (var at = 0; ; at++)
        {
            var step = program[at];
            bool? isTrue = null;
            switch (step.Code)
            {
                case 0x20:
                    value = data[step.Value];
                    break;
                case 0x15:
                    isTrue = value == step.Value;
                    break;
                case 0x35:
                    isTrue = value >= step.Value;
                    break;
                case 0x45:
                    isTrue = (value & step.Value) != 0;
                    break;
                default:
                    Assert.Equal(0x06, step.Code);
                    return step.Value;
            }

            if (isTrue is { } jump)
                at += jump ? step.IfTrue : step.IfFalse;
        }
    }
}
