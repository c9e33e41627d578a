using System.Reflection;
using Dapper;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Reporting;

/// <summary>Which installation and which version of the service this is.</summary>
internal sealed class Deployment(Database database)
{
    /// <summary>Version of this program.</summary>
    public static string ServiceVersion { get; } = typeof(Deployment).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Informational version with the commit it was built from.</summary>
    public static string Build { get; } =
        typeof(Deployment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? ServiceVersion;

    /// <summary>Made by the migration, or taken from the spool that a new database goes on with; the device serial number of reports.</summary>
    public string Id { get; private set; } = "";

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var id = await connection.QuerySingleAsync<Guid>(
            new CommandDefinition("select deployment_id from installation", cancellationToken: cancellationToken));
        Id = id.ToString("N");
    }
}
