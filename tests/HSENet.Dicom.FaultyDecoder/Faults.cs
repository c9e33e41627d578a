using System.Runtime.InteropServices;
using HSENet.Dicom.Decoder;

namespace HSENet.Dicom.FaultyDecoder;

/// <summary>Does what the codestream asks for.</summary>
internal static unsafe partial class Faults
{
    private const nuint Piece = 16 << 20;

    /// <param name="detail">Mebibytes that could be had, or the result of a system call that should have killed.</param>
    public static DecodeStatus Decode(DecodeRequest request, byte* codestream, byte* frame, out int detail)
    {
        var isUsed = request.Sequence > 1;
        detail = (Fault)codestream[0] switch
        {
            Fault.Loop => Loop(),
            Fault.Wait => Wait(),
            Fault.WaitWhenUsed when isUsed => Wait(),
            Fault.Allocate => Allocate(),
            Fault.OpenForWriting => Open("/tmp/hsenet-decoder-was-here"),
            Fault.Socket => socket(2, 1, 0),
            Fault.Fork => fork(),
            Fault.Execute => Execute("/bin/true"),
            Fault.KillParent => kill(getppid(), 15),
            Fault.Trace => (int)ptrace(16, getppid(), 0, 0),
            Fault.Die => Die(),
            Fault.DieWhenUsed when isUsed => Die(),
            Fault.Lie => Lie(),
            Fault.Throw => throw new InvalidOperationException("a planted fault"),
            _ => 0,
        };
        if (codestream[0] is (byte)Fault.None or (byte)Fault.WaitWhenUsed or (byte)Fault.DieWhenUsed)
        {
            new Span<byte>(frame, (int)request.FrameBytes).Fill(codestream[1]);
            return DecodeStatus.Done;
        }

        return codestream[0] == (byte)Fault.Allocate ? DecodeStatus.OutOfMemory : DecodeStatus.Damaged;
    }

    private static int Loop()
    {
        while (getppid() != 0)
        {
        }

        return 0;
    }

    private static int Wait()
    {
        while (getppid() != 0)
            _ = poll(null, 0, 1000);
        return 0;
    }

    private static int Allocate()
    {
        var pieces = 0;
        while (pieces < 1 << 16)
        {
            var piece = malloc(Piece);
            if (piece == null)
                break;

            new Span<byte>(piece, (int)Piece).Fill(1);
            pieces++;
        }

        return pieces * 16;
    }

    private static int Open(string path)
    {
        var name = Marshal.StringToCoTaskMemUTF8(path);
        return open((byte*)name, 0x41, 384);
    }

    private static int Execute(string path)
    {
        var name = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        var arguments = stackalloc byte*[] { name, null };
        return execve(name, arguments, arguments + 1);
    }

    private static int Die()
    {
        Environment.Exit(7);
        return 0;
    }

    private static int Lie()
    {
        var bytes = stackalloc byte[DecodeAnswer.HeaderBytes];
        new DecodeAnswer(4711, DecodeStatus.Done, 0, int.MaxValue).Write(new Span<byte>(bytes, DecodeAnswer.HeaderBytes));
        return (int)write(1, bytes, DecodeAnswer.HeaderBytes);
    }

#pragma warning disable IDE1006, CA5392 // the C library's own names
    [LibraryImport("libc")]
    private static partial void* malloc(nuint bytes);

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial int fork();

    [LibraryImport("libc")]
    private static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial nint ptrace(nint request, nint process, nint address, nint data);

    [LibraryImport("libc")]
    private static partial int poll(void* files, nuint count, int milliseconds);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* bytes, nuint count);
#pragma warning restore IDE1006, CA5392
}
