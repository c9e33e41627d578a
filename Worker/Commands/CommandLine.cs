using System.CommandLine;
using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Commands;
using HSENet.Dicom;
using HSENet.Model;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary>The command line: finds the command and maps its outcome to an exit code.</summary>
internal static class CommandLine
{
    public const string Program = "hsenet-worker";

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var result = CommandProgram.Parse(Create(), SettingArguments.Join(args));
        if (CommandProgram.IsWrong(result, error))
        {
            return ExitCode.Usage;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            // the host of serve drains on SIGTERM; every other command is cancelled
            var isService = result.CommandResult.Command is RootCommand or { Name: ServeCommand.Name };
            using var terminate = isService ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            return await result.InvokeAsync(CommandProgram.Invocation(output, error), stop.Token);
        }
        catch (UsageException e)
        {
            CommandProgram.Tell(result, e.Message, error);
            return ExitCode.Usage;
        }
        catch (WorkerException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (HSENetDicomException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (HSENetModelException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (Exception e) when (DatabaseOutage.Is(e))
        {
            var unreachable = SchemaVersion.Unreachable(e.GetBaseException());
            return Fail(error, unreachable.Code, unreachable.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DicomFileException)
        {
            return Fail(error, "io.failed", e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail(error, "host.cancelled", "stopped before it was done");
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
        var root = CommandProgram.Root(Program, "Receives chest CT over DICOM and sends back draft reports. Without a command it serves.");
        root.Add(SettingArguments.Create());
        root.SetAction(ServeCommand.RunAsync);
        foreach (var command in (Command[])
        [
            ServeCommand.Create(),
            DemoCommand.Create(),
            ProcessCommand.Create(),
            MigrateCommand.Create(),
            CheckCommand.Create(),
            HealthCommand.Create(),
            Parameters.Group(
                "jobs",
                "The work: one job is one report of one series by one route and model.",
                JobsListCommand.Create(),
                JobsShowCommand.Create(),
                JobsRetryCommand.Create(),
                JobsCancelCommand.Create(),
                JobsDeadLettersCommand.Create(),
                JobsSchedulesCommand.Create()),
            Parameters.Group("studies", "What happened to the studies that were sent here.", StudiesShowCommand.Create()),
            QuarantineCommand.Create(),
            Parameters.Group("routes", "The rules that decide which series get a report.", RoutesTestCommand.Create()),
            Parameters.Group("audit", "The record of what was done, by whom and to what.", AuditVerifyCommand.Create(), AuditExportCommand.Create()),
        ])
        {
            root.Add(command);
        }

        return root;
    }

    private static int Fail(TextWriter error, string code, string message)
    {
        // messages may hold names out of foreign files, which may hold anything
        error.WriteLine($"error {code}: {OperatorText.Clean(message)}");
        return ExitCode.Error;
    }
}
