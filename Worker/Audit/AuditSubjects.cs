using Dapper;
using Npgsql;

namespace HSENet.Worker.Audit;

/// <summary>Finds what the audit has rows about by a part of its UID: no rows without a word would look like nothing happened.</summary>
internal static class AuditSubjects
{
    /// <summary>Characters of a UID's end or beginning that must be given.</summary>
    private const int LeastOfUid = 6;

    private const int Told = 5;

    /// <param name="connection">Open.</param>
    /// <param name="subject"><c>study</c> or <c>series</c>.</param>
    /// <param name="text">The UID, its beginning or its end; null: of all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The whole UID; null when none was asked for.</returns>
    /// <exception cref="WorkerException"><c>study.unknown</c>, <c>study.ambiguous</c>, <c>series.unknown</c> or <c>series.ambiguous</c>.</exception>
    public static async Task<string?> FindAsync(NpgsqlConnection connection, string subject, string? text, CancellationToken cancellationToken)
    {
        if (text is null)
        {
            return null;
        }

        text = text.Trim();
        var found = await QueryAsync("= @text");
        if (found.Count == 0 && text.Length >= LeastOfUid)
        {
            found = await QueryAsync($"is not null and (starts_with({subject}_uid, @text) or right({subject}_uid, length(@text)) = @text)");
        }

        return found switch
        {
            [var only] => only,
            [] => throw new WorkerException(
                $"{subject}.unknown",
                $"no audit row is about a {subject} {text}{(text.Length < LeastOfUid ? $"; a part of a UID must have {LeastOfUid} characters or more" : "")}"),
            _ => throw new WorkerException(
                $"{subject}.ambiguous",
                $"{text} is a part of {(found.Count > Told ? $"more than {Told}" : $"{found.Count}")}: {string.Join(", ", found.Take(Told))}"),
        };

        async Task<List<string>> QueryAsync(string condition) => (await connection.QueryAsync<string>(new CommandDefinition(
            $"select distinct {subject}_uid from audit.event where {subject}_uid {condition} order by 1 limit {Told + 1}",
            new { text },
            cancellationToken: cancellationToken))).AsList();
    }
}
