using System.CommandLine;

namespace HSENet.Trainer.Commands;

/// <summary><c>adapters</c>: a command of the contract that this version does not have.</summary>
internal static class AdaptersCommand
{
    public static Command Create()
    {
        var command = new Command("adapters", "A site's adapters. Not part of this version.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(Refuse);
        return command;
    }

    private static int Refuse(ParseResult result) => throw new TrainerException("command.not-available", "'adapters' is not part of this version.");
}
