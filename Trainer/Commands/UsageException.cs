namespace HSENet.Trainer.Commands;

/// <summary>The command line was wrong: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
