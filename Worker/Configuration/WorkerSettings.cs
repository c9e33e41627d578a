namespace HSENet.Worker.Configuration;

/// <summary>What this process does.</summary>
[Flags]
internal enum WorkerRoles
{
    None = 0,

    /// <summary>Receiving, series, routing, delivery.</summary>
    Gateway = 1,

    /// <summary>The model.</summary>
    Inference = 2,

    All = Gateway | Inference,
}

/// <summary>All settings (design.md section 5). Bound from the section <c>HSENet</c> and checked by <see cref="SettingsReader"/>.</summary>
internal sealed class WorkerSettings
{
    public const string Section = "HSENet";

    /// <summary>Comma separated: gateway, inference. Default both.</summary>
    public string Roles { get; set; } = "gateway,inference";

    public DicomOptions Dicom { get; set; } = new();

    public SeriesOptions Series { get; set; } = new();

    public List<RouteOptions> Routes { get; set; } = [];

    public List<DestinationOptions> Destinations { get; set; } = [];

    public ReportOptions Report { get; set; } = new();

    public DatabaseOptions Database { get; set; } = new();

    public QueueOptions Queue { get; set; } = new();

    public DataOptions Data { get; set; } = new();

    public SpoolOptions Spool { get; set; } = new();

    public IngestOptions Ingest { get; set; } = new();

    public QuarantineOptions Quarantine { get; set; } = new();

    public CodecOptions Codecs { get; set; } = new();

    public ModelOptions Model { get; set; } = new();

    public WebOptions Web { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public bool TryGetRoles(out WorkerRoles roles)
    {
        roles = WorkerRoles.None;
        foreach (var name in Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (name)
            {
                case "gateway":
                    roles |= WorkerRoles.Gateway;
                    break;
                case "inference":
                    roles |= WorkerRoles.Inference;
                    break;
                default:
                    return false;
            }
        }

        return roles != WorkerRoles.None;
    }

    /// <summary>The roles of valid settings.</summary>
    public bool Has(WorkerRoles role) => TryGetRoles(out var roles) && roles.HasFlag(role);

    /// <summary>Every broken rule, each beginning with the key it is about.</summary>
    public IEnumerable<string> Validate()
    {
        if (!TryGetRoles(out var roles))
        {
            yield return $"{Section}:Roles must name gateway, inference or both";
            roles = WorkerRoles.All;
        }

        IEnumerable<string>[] features =
        [
            Dicom.Validate(), Series.Validate(), Report.Validate(), DestinationOptions.Validate(Destinations),
            RouteOptions.Validate(Routes, Destinations), Database.Validate(), Queue.Validate(roles),
            Data.Validate(), Spool.Validate(), Ingest.Validate(), Quarantine.Validate(), Codecs.Validate(), Model.Validate(), Web.Validate(),
            Telemetry.Validate(),
        ];
        foreach (var failure in features.SelectMany(f => f))
        {
            yield return failure;
        }
    }
}
