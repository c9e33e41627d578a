using System.Globalization;

namespace HSENet.Worker.Ingest;

/// <summary>How the turn that lies in a spool stands to the one that the database knows.</summary>
internal enum TurnStanding
{
    /// <summary>They are the same, or the database knows none.</summary>
    Current,

    /// <summary>The spool has had turns that the database does not know: the database was restored from an earlier state, or a start ended halfway.</summary>
    DatabaseIsOlder,

    /// <summary>The work went on elsewhere: this is a copy, or what a copy was made of, or it was restored from an earlier state.</summary>
    SpoolIsOlder,
}

/// <summary>One start of a gateway on a spool: a number that grows, and a random value that no other start has. In the spool and in the database.</summary>
internal sealed record SpoolTurn(long Number, string Nonce)
{
    public static SpoolTurn After(SpoolTurn? one, SpoolTurn? other) =>
        new(Math.Max(one?.Number ?? 0, other?.Number ?? 0) + 1, Guid.NewGuid().ToString("N"));

    public static TurnStanding Compare(SpoolTurn? spool, SpoolTurn? database) => (spool, database) switch
    {
        (_, null) => TurnStanding.Current,
        (null, _) => TurnStanding.SpoolIsOlder,
        var (s, d) when s == d => TurnStanding.Current,
        var (s, d) => s.Number > d.Number ? TurnStanding.DatabaseIsOlder : TurnStanding.SpoolIsOlder,
    };

    /// <returns>Null: it is none.</returns>
    public static SpoolTurn? Parse(string text) =>
        text.Trim().Split(' ') is [var number, { Length: 32 } nonce] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new(value, nonce) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Nonce}");
}
