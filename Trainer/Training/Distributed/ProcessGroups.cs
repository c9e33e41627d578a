using System.Globalization;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>Finds out whether this process is one of several.</summary>
internal static class ProcessGroups
{
    /// <summary>Set by Open MPI's <c>mpirun</c>.</summary>
    private const string CountVariable = "OMPI_COMM_WORLD_SIZE";

    private const string LocalRankVariable = "OMPI_COMM_WORLD_LOCAL_RANK";

    /// <exception cref="TrainerException"><c>training.mpi</c>: started by mpirun, and the library does not load.</exception>
    public static IProcessGroup Join() =>
        Read(CountVariable) > 1 ? new MpiGroup(Read(LocalRankVariable)) : new SingleProcess();

    private static int Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
