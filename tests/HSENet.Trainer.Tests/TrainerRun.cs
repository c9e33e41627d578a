using HSENet.Trainer.Commands;

namespace HSENet.Trainer.Tests;

/// <summary>One run of the command line.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record TrainerRun(int Code, string Output, string Error)
{
    public static TrainerRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = TrainerCommands.Run(args, output, error);
        return new TrainerRun(code, output.ToString(), error.ToString());
    }

    public TrainerRun Done()
    {
        Assert.True(Code == ExitCode.Done, $"{Code}: {Error}");
        return this;
    }

    public void Refused(string code, params ReadOnlySpan<string> names)
    {
        Assert.Equal(ExitCode.Error, Code);
        Assert.StartsWith($"error {code}: ", Error, StringComparison.Ordinal);
        foreach (var name in names)
        {
            Assert.Contains(name, Error, StringComparison.Ordinal);
        }
    }
}
