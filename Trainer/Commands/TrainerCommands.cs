using System.CommandLine;
using HSENet.Commands;
using HSENet.Model;

namespace HSENet.Trainer.Commands;

/// <summary>Finds the command and maps its outcome to an exit code.</summary>
internal static class TrainerCommands
{
    private const string Program = "hsenet-train";

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var result = CommandProgram.Parse(Create(), args);
        if (CommandProgram.IsWrong(result, error))
        {
            return ExitCode.Usage;
        }

        try
        {
            return result.Invoke(CommandProgram.Invocation(output, error));
        }
        catch (UsageException e)
        {
            CommandProgram.Tell(result, e.Message, error);
            return ExitCode.Usage;
        }
        catch (HSENetModelException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (TrainerException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(error, "io.failed", e.Message);
        }
#pragma warning disable CA1031 // the last resort: a code for the operator; messages of others may hold what must not be shown
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(error, "internal.exception", $"{e.GetType().Name} at {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}");
        }
    }

    /// <summary>Every command with its options and help.</summary>
    public static RootCommand Create()
    {
        var root = CommandProgram.Root(Program, "Makes model directories: from published files, or by training. Measures what they write.");
        foreach (var command in (Command[])
        [
            ImportCommand.Create(),
            EncodeCommand.Create(),
            DemoModelCommand.Create(),
            PhantomsCommand.Create(),
            ConvertCommand.Create(),
            PretrainCommand.Create(),
            FineTuneCommand.Create(),
            EvaluateCommand.Create(),
            ScoreCommand.Create(),
            AblateCommand.Create(),
            AdaptersCommand.Create(),
        ])
        {
            root.Add(command);
        }

        return root;
    }

    private static int Fail(TextWriter error, string code, string message)
    {
        error.WriteLine($"error {code}: {message}");
        return ExitCode.Error;
    }
}
