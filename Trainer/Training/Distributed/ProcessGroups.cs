using System.Globalization;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>Finds out whether this process is one of several.</summary>
internal static class ProcessGroups
{
    /// <summary>Set by Open MPI's <c>mpirun</c>.</summary>
    private const string CountVariable = "OMPI_COMM_WORLD_SIZE";

    private const string LocalRankVariable = "OMPI_COMM_WORLD_LOCAL_RANK";

    /// <param name="device">Of the settings: with <c>auto</c> and <c>cuda</c> each process of a machine gets a GPU of its own.</param>
    /// <exception cref="TrainerException"><c>training.mpi</c>: started by mpirun, and the library does not load.</exception>
    public static IProcessGroup Join(string device)
    {
        if (Read(CountVariable) <= 1)
        {
            return new SingleProcess();
        }

        VisibleGpu.Choose(device, Read(LocalRankVariable));
        return new MpiGroup();
    }

    private static int Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
