using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HSENet.Commands;
using HSENet.Dicom.Files;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>quarantine list</c>, <c>show</c> and <c>empty</c>: what was kept apart, and why. No patient data is printed.</summary>
internal static class QuarantineCommand
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create() => Parameters.Group(
        "quarantine", "What was received and kept apart: damaged files, and other content under a UID that is here. Run it where the data folder is.", List(), Show(), Empty());

    private static Command List()
    {
        var json = Json();
        var command = new Command("list", "Lists the files that are kept apart, oldest first, with reason and size.").With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var items = await Store(result, database).ListAsync(cancellationToken);
            if (items.Count > 0 && !result.GetValue(json))
            {
                result.Output().WriteLine(Line("FILE", "KEPT AT UTC", "SIZE", "REASON", "SOURCE"));
            }

            foreach (var item in items)
            {
                result.Output().WriteLine(result.GetValue(json) ? JsonSerializer.Serialize(Facts(item), Format) : Line(item));
            }

            if (!result.GetValue(json))
            {
                result.Output().WriteLine($"{items.Count} {(items.Count == 1 ? "file" : "files")}, {Size(items.Sum(i => i.File.LengthBytes))} of {Size(result.Settings().Quarantine.MaximumSize.Bytes)}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var name = Parameters.Operand("NAME", "A file, as quarantine list shows it; its beginning is enough.");
        var json = Json();
        var command = new Command("show", "Shows what is known of one file, without patient data.") { name }.With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var (item, scan) = await Store(result, database).ShowAsync(result.GetValue(name)!, cancellationToken);
            var facts = Facts(item);
            facts["path"] = Path.Combine(Folder(result.Settings()), item.File.Name);
            facts["transfer_syntax_uid"] = (scan as ScanResult.Sound)?.Header.TransferSyntaxUid;
            facts["sop_class_uid"] = (scan as ScanResult.Sound)?.Header.SopClassUid;
            facts["fault"] = scan is ScanResult.Refused refused ? $"{refused.Code}: {refused.Detail}" : null;
            if (result.GetValue(json))
            {
                result.Output().WriteLine(JsonSerializer.Serialize(facts, Format));
            }
            else
            {
                foreach (var (key, value) in facts.Where(fact => fact.Value is not null))
                {
                    result.Output().WriteLine($"{key.Replace('_', ' '),-20} {Convert.ToString(value, CultureInfo.InvariantCulture)}");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Empty()
    {
        var names = new Argument<string[]>("NAME") { Description = "Files, as quarantine list shows them; none: all.", Arity = ArgumentArity.ZeroOrMore };
        var json = Json();
        var command = new Command("empty", "Deletes files that are kept apart; the audit tells by whom.") { names }.With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var (deleted, left) = await Store(result, database).EmptyAsync(result.GetValue(names) ?? [], cancellationToken);
            var bytes = deleted.Sum(f => f.LengthBytes);
            result.Output().WriteLine(
                result.GetValue(json) ? JsonSerializer.Serialize(new { files = deleted.Count, bytes, left }, Format) : $"{deleted.Count} {(deleted.Count == 1 ? "file" : "files")} deleted, {Size(bytes)}");
            return left == 0 ? ExitCode.Done : throw new WorkerException("quarantine.delete", $"{left} files could not be deleted");
        });
        return command;
    }

    private static Option<bool> Json() => Parameters.Flag("--json", "Writes JSON Lines.");

    private static string Folder(WorkerSettings settings) => Path.Combine(settings.Data.Directory, "spool", "quarantine");

    private static OperatorQuarantineStore Store(ParseResult result, Database database)
    {
        var folder = Folder(result.Settings());
        return Directory.Exists(folder)
            ? new OperatorQuarantineStore(new QuarantineFolder(folder), new QuarantineStore(database), AuditEvent.User(Environment.UserName))
            : throw new WorkerException("spool.directory", $"{folder} is not here: run it where HSENet:Data:Directory of a gateway is");
    }

    private static Dictionary<string, object?> Facts(QuarantineItem item) => new()
    {
        ["name"] = item.File.Name,
        ["kept_at"] = Time(item.File.KeptAt),
        ["bytes"] = item.File.LengthBytes,
        ["reason"] = item.Row?.Reason,
        ["source_ae"] = item.Row?.SourceAe,
        ["association_id"] = item.Row?.AssociationId,
        ["series_key"] = item.Row?.SeriesKey,
        ["study_uid"] = item.Row?.StudyUid,
        ["sop_instance_uid"] = item.Row?.SopInstanceUid,
    };

    private static string Line(QuarantineItem item) =>
        Line(item.File.Name[..8], Time(item.File.KeptAt), Size(item.File.LengthBytes), item.Row?.Reason ?? "unknown", item.Row?.SourceAe);

    private static string Line(string name, string keptAt, string size, string reason, string? sourceAe) =>
        $"{name,-8}  {keptAt,-20}  {size,10}  {reason,-24}  {sourceAe}".TrimEnd();

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        < 10 << 10 => $"{bytes} B",
        < 10 << 20 => $"{bytes >> 10} KiB",
        < 10L << 30 => $"{bytes >> 20} MiB",
        _ => $"{bytes >> 30} GiB",
    };
}
