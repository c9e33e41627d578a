using Npgsql;

namespace HSENet.Worker.Configuration;

/// <summary>PostgreSQL. Bound from <c>HSENet:Database</c>. The defaults are the private development instance that <c>deploy/dev/up.sh</c> starts.</summary>
internal sealed class DatabaseOptions
{
    private const string Section = "HSENet:Database";

    /// <summary>The service's own connection; its role is not the owner of the tables.</summary>
    public string ConnectionString { get; set; } =
        "Host=127.0.0.1;Port=55432;Database=hsenet;Username=hsenet_service;Passfile=.local/pgpass";

    /// <summary>The owner's connection; only <c>migrate</c> uses it.</summary>
    public string MigrationConnectionString { get; set; } =
        "Host=127.0.0.1;Port=55432;Database=hsenet;Username=hsenet_owner;Passfile=.local/pgpass";

    public IEnumerable<string> Validate()
    {
        if (Read(ConnectionString) is null)
        {
            yield return $"{Section}:ConnectionString is not a PostgreSQL connection string";
        }

        if (Read(MigrationConnectionString) is null)
        {
            yield return $"{Section}:MigrationConnectionString is not a PostgreSQL connection string";
        }
    }

    /// <summary>The connection string with its Passfile made absolute.</summary>
    public static string Resolve(string connectionString, string contentRoot)
    {
        var builder = Read(connectionString)!;
        if (!string.IsNullOrEmpty(builder.Passfile))
        {
            builder.Passfile = Path.GetFullPath(builder.Passfile, contentRoot);
        }

        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder? Read(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(builder.Host) ? null : builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
