using HSENet.Dicom.Files;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Operating;

/// <summary>One file of the quarantine, as an operator sees it.</summary>
/// <param name="File">What lies there.</param>
/// <param name="Row">Why; null when it was put aside while the database was away.</param>
internal sealed record QuarantineItem(QuarantineFile File, QuarantineRow? Row);

/// <summary>The quarantine of the spool that is mounted here, from the operator's side.</summary>
internal sealed class OperatorQuarantineStore(QuarantineFolder folder, QuarantineStore rows, string actor)
{
    /// <summary>Stable code of a name that is not there.</summary>
    public const string Unknown = "quarantine.unknown";

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<QuarantineItem>> ListAsync(CancellationToken cancellationToken)
    {
        var files = folder.Files();
        var known = await rows.RowsAsync([.. files.Select(f => f.Name)], cancellationToken);
        return [.. files.Select(file => new QuarantineItem(file, known.GetValueOrDefault(file.Name)))];
    }

    /// <param name="name">Or its beginning.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(QuarantineItem Item, ScanResult Scan)> ShowAsync(string name, CancellationToken cancellationToken)
    {
        var file = Find(folder.Files(), name);
        var known = await rows.RowsAsync([file.Name], cancellationToken);
        return (new QuarantineItem(file, known.GetValueOrDefault(file.Name)), Part10Scan.Scan(folder.PathOf(file.Name)));
    }

    /// <param name="names">Or their beginnings; none: everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was deleted, and how many could not be.</returns>
    public async Task<(IReadOnlyList<QuarantineFile> Deleted, int Left)> EmptyAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var files = folder.Files();
        var chosen = names.Count == 0 ? files : [.. names.Select(name => Find(files, name)).Distinct()];

        // a row without a file tells nothing, and a file without a row is found again: the audit comes last, and tells of what is gone
        var deleted = chosen.Where(f => folder.TryDelete(f.Name)).ToList();
        if (deleted.Count > 0)
        {
            await rows.ForgetAsync(deleted, actor, "operator", cancellationToken);
        }

        return (deleted, chosen.Count - deleted.Count);
    }

    private static QuarantineFile Find(IReadOnlyList<QuarantineFile> files, string name)
    {
        var found = files.Where(f => f.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new WorkerException(Unknown, $"nothing in the quarantine is named {name}"),
            _ => throw new WorkerException(Unknown, $"{found.Count} files in the quarantine begin with {name}"),
        };
    }
}
