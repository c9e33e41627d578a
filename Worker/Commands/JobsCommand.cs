using System.CommandLine;
using HSENet.Commands;
using HSENet.Worker.Audit;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary>What the commands below <c>jobs</c> share.</summary>
internal static class JobsCommand
{
    /// <summary>Who changes jobs here, for the audit.</summary>
    public static string Actor => AuditEvent.User(Environment.UserName);

    public static Option<bool> Json() => Parameters.Flag("--json", "Writes JSON Lines.");

    public static OperatorJobStore Store(Database database) => new(database, Actor);

    public static JobsOutput Output(ParseResult result, Option<bool> json) => new(result.Output(), result.GetValue(json));
}
