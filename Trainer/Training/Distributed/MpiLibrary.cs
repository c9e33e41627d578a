using System.Runtime.InteropServices;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>
/// The functions of Open MPI (4 or 5) that are needed, bound at run time: nothing depends on it where a run has one process. Its communicators, types and
/// operations are addresses of its own variables. To be called from one thread only.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    private const string Name = "libmpi.so.40";
    private const int Now = 2;
    private const int Global = 0x100;   // its plugins look for its symbols
    private const int Funneled = 1;
    private const nint InPlace = 1;

    private readonly nint _library;
    private readonly nint _world;
    private readonly nint _float;
    private readonly nint _sum;

    private MpiLibrary(nint library)
    {
        _library = library;
        (_world, _float, _sum) = (Export("ompi_mpi_comm_world"), Export("ompi_mpi_float"), Export("ompi_mpi_op_sum"));
        int provided;
        Check("MPI_Init_thread", ((delegate* unmanaged<int*, byte***, int, int*, int>)Export("MPI_Init_thread"))(null, null, Funneled, &provided));
        int rank, count;
        Check("MPI_Comm_rank", ((delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_rank"))(_world, &rank));
        Check("MPI_Comm_size", ((delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_size"))(_world, &count));
        (Rank, Count) = (rank, count);
    }

    public int Rank { get; }

    public int Count { get; }

    /// <exception cref="TrainerException"><c>training.mpi</c>: the library is not there, or is another MPI.</exception>
    public static MpiLibrary Start()
    {
        var library = DlOpen(Name, Now | Global);
        return library != 0 ? new MpiLibrary(library)
            : throw new TrainerException("training.mpi", $"This process was started as one of several, and {Name} (Open MPI) does not load.");
    }

    /// <summary>Whether it was built for CUDA; one that does not know the question was not.</summary>
    public bool IsCudaAware =>
        NativeLibrary.TryGetExport(_library, "MPIX_Query_cuda_support", out var query) && ((delegate* unmanaged<int>)query)() == 1;

    /// <summary>Replaces the values of every process by their sum.</summary>
    public void Sum(float* values, int count) => Check(
        "MPI_Allreduce", ((delegate* unmanaged<nint, float*, int, nint, nint, nint, int>)Export("MPI_Allreduce"))(InPlace, values, count, _float, _sum, _world));

    /// <summary>The values of all processes in order.</summary>
    /// <param name="own">count values</param>
    /// <param name="count">The same everywhere.</param>
    /// <param name="all">count values of each process</param>
    public void Gather(float* own, int count, float* all) => Check(
        "MPI_Allgather", ((delegate* unmanaged<float*, int, nint, float*, int, nint, nint, int>)Export("MPI_Allgather"))(own, count, _float, all, count, _float, _world));

    /// <summary>Gives every process the values of process 0.</summary>
    public void Broadcast(float* values, int count) => Check(
        "MPI_Bcast", ((delegate* unmanaged<float*, int, nint, int, nint, int>)Export("MPI_Bcast"))(values, count, _float, 0, _world));

    public void Finish() => Check("MPI_Finalize", ((delegate* unmanaged<int>)Export("MPI_Finalize"))());

    private static void Check(string function, int code)
    {
        if (code != 0)
        {
            throw new TrainerException("training.mpi", $"{function} failed with code {code}.");
        }
    }

    private nint Export(string name) => NativeLibrary.TryGetExport(_library, name, out var address) ? address
        : throw new TrainerException("training.mpi", $"{Name} has no {name}: only Open MPI is supported.");

    [DllImport("libc", EntryPoint = "dlopen")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint DlOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
