using System.Globalization;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>Finds out whether this process is one of several.</summary>
internal static class ProcessGroups
{
    /// <summary>Set by Open MPI's <c>mpirun</c>.</summary>
    private const string CountVariable = "OMPI_COMM_WORLD_SIZE";

    /// <exception cref="TrainerException"><c>training.mpi</c>: started by mpirun, and the library does not load.</exception>
    public static IProcessGroup Join() =>
        int.TryParse(Environment.GetEnvironmentVariable(CountVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1 ? new MpiGroup() : new SingleProcess();
}
