using Dapper;
using Npgsql;

namespace HSENet.Worker.Operating;

/// <summary>An id of ours that is told by its beginning.</summary>
internal static class ShortId
{
    /// <summary>Hexadecimal digits that must be given.</summary>
    public const int Least = 4;

    /// <summary>What a list shows at least, so that it does not change with every new row.</summary>
    public const int Shown = 8;

    private const int Digits = 32;
    private const int Told = 5;

    /// <summary>Whether the text can be an id or the beginning of one.</summary>
    public static bool IsOne(string text) => Bare(text) is { Length: >= Least and <= Digits } bare && bare.All(char.IsAsciiHexDigit);

    /// <param name="connection">To look on.</param>
    /// <param name="table">A table of ours.</param>
    /// <param name="column">Its id.</param>
    /// <param name="text">An id or its beginning.</param>
    /// <param name="unknown">When there is none.</param>
    /// <param name="ambiguous">Code for more than one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkerException">None, or more than one.</exception>
    public static async Task<Guid> FindAsync(
        NpgsqlConnection connection,
        string table,
        string column,
        string text,
        Func<WorkerException> unknown,
        string ambiguous,
        CancellationToken cancellationToken)
    {
        var bare = Bare(text).ToLowerInvariant();
        if (bare.Length == Digits)
        {
            return Guid.ParseExact(bare, "N");
        }

        // from the beginning with zeros to the beginning with ones, by the index
        var (first, last) = (Guid.ParseExact(bare.PadRight(Digits, '0'), "N"), Guid.ParseExact(bare.PadRight(Digits, 'f'), "N"));
        var found = (await connection.QueryAsync<Guid>(new CommandDefinition(
            $"select {column} from {table} where {column} between @first and @last order by {column} limit {Told + 1}",
            new { first, last },
            cancellationToken: cancellationToken))).AsList();
        var (count, more) = found.Count > Told ? ($"more than {Told}", ", …") : ($"{found.Count}", "");
        return found switch
        {
            [var one] => one,
            [] => throw unknown(),
            _ => throw new WorkerException(ambiguous, $"{text} is the beginning of {count}: {string.Join(", ", found.Take(Told))}{more}"),
        };
    }

    /// <summary>
    /// The shortest beginning that no neighbour in the order of ids has, of <see cref="Shown"/> digits or more, as it is written.
    /// </summary>
    public static string Of(Guid id, Guid? before, Guid? after)
    {
        var text = id.ToString();
        var common = Math.Max(Common(text, before), Common(text, after));
        return text[..Math.Min(text.Length, Math.Max(Shown, common + 1))].TrimEnd('-');
    }

    private static int Common(string text, Guid? other)
    {
        var same = 0;
        var next = other?.ToString() ?? "";
        while (same < next.Length && text[same] == next[same])
        {
            same++;
        }

        return same;
    }

    private static string Bare(string text) => text.Replace("-", "", StringComparison.Ordinal);
}
