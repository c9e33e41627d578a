using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Sandbox;

/// <summary>Numbers of system calls of one processor architecture; the lists may leave out what it lacks.</summary>
/// <param name="architecture">AUDIT_ARCH_*.</param>
/// <param name="allowed">What the runtime and the libraries make at work, whatever the arguments.</param>
/// <param name="fatal">What only code that is not ours would make: the process is killed.</param>
internal sealed class SystemCalls(uint architecture, uint[] allowed, uint[] fatal)
{
    public uint Architecture { get; } = architecture;

    public IReadOnlyList<uint> Allowed { get; } = allowed;

    public IReadOnlyList<uint> Fatal { get; } = fatal;

    public required uint OpenAt { get; init; }

    /// <summary>Null where there is openat alone.</summary>
    public uint? Open { get; init; }

    public required uint Clone { get; init; }

    public required uint Clone3 { get; init; }

    public required uint ProcessControl { get; init; }

    public required uint ProcessLimits { get; init; }

    public required uint FileControl { get; init; }

    public required uint ThreadKill { get; init; }

    /// <summary>seccomp(2) itself.</summary>
    public required uint Seccomp { get; init; }

    /// <returns>Null on an architecture that is not known here.</returns>
    public static SystemCalls? Current => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };

    /// <summary>arch/x86/entry/syscalls/syscall_64.tbl.</summary>
    public static SystemCalls X64 { get; } = new(
        0xC000003E,
        [
            0, 1, 202, 28,                                  // read write futex madvise
            9, 10, 11, 12, 25, 27,                          // mmap mprotect munmap brk mremap mincore
            3, 4, 5, 6, 8, 17, 19, 20, 262, 332,            // close stat fstat lstat lseek pread64 readv writev newfstatat statx
            7, 271, 73,                                     // poll ppoll flock
            13, 14, 15, 131, 128,                           // rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigtimedwait
            21, 269, 439, 89, 267, 79, 137, 138,            // access faccessat faccessat2 readlink readlinkat getcwd statfs fstatfs
            24, 204, 309, 239, 324,                         // sched_yield sched_getaffinity getcpu get_mempolicy membarrier
            35, 228, 229, 230, 96, 201,                     // nanosleep clock_gettime clock_getres clock_nanosleep gettimeofday time
            39, 110, 186, 98, 99, 63, 318,                  // getpid getppid gettid getrusage sysinfo uname getrandom
            218, 273, 274, 334,                             // set_tid_address set_robust_list get_robust_list rseq
            60, 231,                                        // exit exit_group
        ],
        [
            41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 53, 288, // socket connect accept sendto … bind listen socketpair accept4
            57, 58, 59, 322,                                // fork vfork execve execveat
            85, 82, 83, 84, 86, 87, 88, 90, 92,             // creat rename mkdir rmdir link unlink symlink chmod chown
            258, 263, 264, 265, 266, 316,                   // mkdirat unlinkat renameat linkat symlinkat renameat2
            62, 200, 101, 310, 311,                         // kill tkill ptrace process_vm_readv process_vm_writev
            165, 166, 272, 308, 321, 425, 426, 427,         // mount umount2 unshare setns bpf io_uring_setup …_enter …_register
        ])
    {
        OpenAt = 257,
        Open = 2,
        Clone = 56,
        Clone3 = 435,
        ProcessControl = 157,
        ProcessLimits = 302,
        FileControl = 72,
        ThreadKill = 234,
        Seccomp = 317,
    };

    /// <summary>include/uapi/asm-generic/unistd.h.</summary>
    public static SystemCalls Arm64 { get; } = new(
        0xC00000B7,
        [
            63, 64, 98, 233,                                // read write futex madvise
            222, 226, 215, 214, 216, 232,                   // mmap mprotect munmap brk mremap mincore
            57, 80, 62, 67, 65, 66, 79, 291,                // close fstat lseek pread64 readv writev newfstatat statx
            73, 32,                                         // ppoll flock
            134, 135, 139, 132, 137,                        // rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigtimedwait
            48, 439, 78, 17, 43, 44,                        // faccessat faccessat2 readlinkat getcwd statfs fstatfs
            124, 123, 168, 236, 283,                        // sched_yield sched_getaffinity getcpu get_mempolicy membarrier
            101, 113, 114, 115, 169,                        // nanosleep clock_gettime clock_getres clock_nanosleep gettimeofday
            172, 173, 178, 165, 179, 160, 278,              // getpid getppid gettid getrusage sysinfo uname getrandom
            96, 99, 100, 293,                               // set_tid_address set_robust_list get_robust_list rseq
            93, 94,                                         // exit exit_group
        ],
        [
            198, 199, 200, 201, 202, 203, 206, 207, 211, 212, 242, // socket socketpair bind listen accept connect sendto … accept4
            221, 281,                                       // execve execveat
            34, 35, 36, 37, 38, 276, 53, 54,                // mkdirat unlinkat symlinkat linkat renameat renameat2 fchmodat fchownat
            129, 130, 117, 270, 271,                        // kill tkill ptrace process_vm_readv process_vm_writev
            40, 39, 97, 268, 280, 425, 426, 427,            // mount umount2 unshare setns bpf io_uring_setup …_enter …_register
        ])
    {
        OpenAt = 56,
        Clone = 220,
        Clone3 = 435,
        ProcessControl = 167,
        ProcessLimits = 261,
        FileControl = 25,
        ThreadKill = 131,
        Seccomp = 277,
    };
}
