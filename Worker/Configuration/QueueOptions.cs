namespace HSENet.Worker.Configuration;

/// <summary>How wake-ups travel from gateway to inference. Bound from <c>HSENet:Queue</c>.</summary>
internal sealed class QueueOptions
{
    private const string Section = "HSENet:Queue";

    /// <summary>memory or rabbitmq. Default memory.</summary>
    public string Transport { get; set; } = "memory";

    /// <summary>Broker host. Default localhost.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>Broker port. Default 5672.</summary>
    public int Port { get; set; } = 5672;

    /// <summary>Default /.</summary>
    public string VirtualHost { get; set; } = "/";

    /// <summary>Default none.</summary>
    public string? User { get; set; }

    /// <summary>Default none; give it by the environment.</summary>
    public string? Password { get; set; }

    /// <summary>Default false.</summary>
    public bool Tls { get; set; }

    public IEnumerable<string> Validate(WorkerRoles roles)
    {
        switch (Transport)
        {
            case "memory" when roles != WorkerRoles.All:
                yield return $"{Section}:Transport memory needs both roles in one process (HSENet:Roles gateway,inference)";
                break;
            case "memory":
                break;
            case "rabbitmq":
                yield return $"{Section}:Transport rabbitmq comes with issue 3";
                break;
            default:
                yield return $"{Section}:Transport must be memory or rabbitmq";
                break;
        }
    }
}
