using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Dicom;
using HSENet.Model;

namespace HSENet.Worker.Commands;

/// <summary>The command line of design.md section 3: finds the command and maps its outcome to an exit code.</summary>
internal static class CommandLine
{
    private const string Usage = """
        usage: hsenet-worker COMMAND [--HSENet:Section:Key=value …]

          serve                                       run the configured roles until stopped (also without a command)
          demo [--dicom DIR] [--out DIR]              send a chest CT to itself and print the draft report
          process DIR --out FILE.dcm [--json FILE]    DICOM folder in, Structured Report out; no network, no database
          process DIR --ask QUESTION [--json FILE]    DICOM folder in, answer on standard output
          migrate                                     bring the database to the current schema
          check                                       what serve needs, one line each: ok NAME or fail NAME: detail
          health [live|ready]                         asks the running process of these settings: 0 when it is well
          audit verify [--head FILE] [--write-head FILE]
                                                      the chain of hashes, against a head kept elsewhere; prints the new head
          audit export [--from T] [--to T] [--study UID] [--series UID] [--job ID] [--event NAME] [--out FILE]
                                                      audit rows as JSON Lines
          jobs list [--state S] [--limit N]           the newest jobs; with --json (each jobs command) as JSON Lines
                    [--delivery S]                    only with a delivery in this state, such as failed
          jobs show ID                                one job with its deliveries and its story
          jobs retry ID…, jobs cancel ID…             start again what failed, died or was cancelled, also deliveries; end what is not drafted
          jobs dead-letters [--replay]                messages that nobody could work on; --replay makes their jobs ready again
          jobs schedules                              calendar work: next and last run of each schedule
          routes test FILE…                           which routes match a file, and why; 3 when one matches none
        """;

    private static readonly Dictionary<string, Func<string[], CancellationToken, Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["audit"] = AuditCommand.RunAsync,
        ["check"] = CheckCommand.RunAsync,
        ["demo"] = DemoCommand.RunAsync,
        ["health"] = HealthCommand.RunAsync,
        ["jobs"] = JobsCommand.RunAsync,
        ["migrate"] = MigrateCommand.RunAsync,
        ["routes"] = RoutesCommand.RunAsync,
        ["serve"] = ServeCommand.RunAsync,
        ["process"] = ProcessCommand.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        var isCommand = args.Length > 0 && !args[0].StartsWith('-');
        var name = isCommand ? args[0] : "serve";
        if (args is ["--help" or "-h", ..])
        {
            Console.Out.WriteLine(Usage);
            return ExitCode.Done;
        }

        if (!Commands.TryGetValue(name, out var command))
        {
            Console.Error.WriteLine($"unknown command {name}\n{Usage}");
            return ExitCode.Usage;
        }

        try
        {
            // the host of serve drains on SIGTERM; every other command is cancelled
            using var terminate = name == "serve" ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            return await command(isCommand ? args[1..] : args, stop.Token);
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"{e.Message}\n{Usage}");
            return ExitCode.Usage;
        }
        catch (WorkerException e)
        {
            return Fail(e.Code, e.Message);
        }
        catch (HSENetDicomException e)
        {
            return Fail(e.Code, e.Message);
        }
        catch (HSENetModelException e)
        {
            return Fail(e.Code, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DicomFileException)
        {
            return Fail("io.failed", e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail("host.cancelled", "stopped before it was done");
        }
#pragma warning disable CA1031 // the last resort: a code for the operator; messages of others may hold what must not be shown
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail("internal.exception", $"{e.GetType().Name} at {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}");
        }
    }

    private static int Fail(string code, string message)
    {
        Console.Error.WriteLine($"error {code}: {message}");
        return ExitCode.Error;
    }
}
