namespace HSENet.Trainer.Commands;

internal static class PhantomsCommand
{
    public static void Run(string[] args, TextWriter output) => throw new TrainerException("command.not-available", "'phantoms' is not part of this version.");
}
