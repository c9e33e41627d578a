using Dapper;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using Npgsql;

namespace HSENet.Worker.Inference;

/// <summary>
/// To whom a report goes. That of a demonstration goes only where the destination allows it; when none does, its job ends as shadow.
/// </summary>
/// <param name="Allowed">Destinations that get it.</param>
/// <param name="Withheld">Destinations of its route that do not.</param>
internal sealed record Receivers(IReadOnlyList<string> Allowed, IReadOnlyList<string> Withheld)
{
    /// <summary>Stable code: withheld, because the model is a demonstration.</summary>
    public const string Demonstration = "delivery.demonstration";

    /// <summary>As a model directory tells it.</summary>
    public const string DemonstrationPurpose = ModelIdentity.DemonstrationPurpose;

    /// <summary>Null: the job keeps its mode.</summary>
    public string? ShadowCode => Withheld.Count > 0 && Allowed.Count == 0 ? Demonstration : null;

    /// <summary>For the operator.</summary>
    public string? ShadowDetail =>
        ShadowCode is null ? null : $"the model is a demonstration, and no destination says AllowDemonstration: {string.Join(", ", Withheld)}";

    /// <summary>On the transaction that stores the report.</summary>
    public static async Task<Receivers> ForAsync(
        NpgsqlConnection connection, FinishedDraft draft, IReadOnlyList<string> destinations, CancellationToken cancellationToken)
    {
        if (draft.ModelPurpose != DemonstrationPurpose || destinations.Count == 0)
        {
            return new(destinations, []);
        }

        var allowing = await connection.QuerySingleAsync<string[]>(
            new CommandDefinition("select demonstration_destinations from installation", cancellationToken: cancellationToken));
        return new([.. destinations.Where(allowing.Contains)], [.. destinations.Where(d => !allowing.Contains(d))]);
    }

    /// <summary>At the start of a gateway: what its settings allow holds from now on.</summary>
    public static async Task AllowAsync(Database database, IEnumerable<DestinationOptions> destinations, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update installation set demonstration_destinations = @names",
            new { names = destinations.Where(d => d.AllowDemonstration).Select(d => d.Name).ToArray() },
            cancellationToken: cancellationToken));
    }
}
