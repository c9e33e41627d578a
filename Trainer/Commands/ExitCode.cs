namespace HSENet.Trainer.Commands;

/// <summary>Exit codes of every command (design.md section 3).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Error = 1;
    public const int Usage = 2;
}
