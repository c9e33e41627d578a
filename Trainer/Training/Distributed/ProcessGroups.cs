namespace HSENet.Trainer.Training.Distributed;

/// <summary>Finds out whether this process is one of several.</summary>
internal static class ProcessGroups
{
    public static IProcessGroup Join() => new SingleProcess();
}
