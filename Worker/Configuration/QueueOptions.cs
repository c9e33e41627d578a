namespace HSENet.Worker.Configuration;

/// <summary>How wake-ups travel from gateway to inference. Bound from <c>HSENet:Queue</c>.</summary>
internal sealed class QueueOptions
{
    private const string Section = "HSENet:Queue";

    /// <summary>memory or rabbitmq. Default memory.</summary>
    public string Transport { get; set; } = "memory";

    /// <summary>Broker host. Default localhost.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>Broker port; 5671 is usual with TLS. Default 5672.</summary>
    public int Port { get; set; } = 5672;

    /// <summary>The queues are in it. Default /.</summary>
    public string VirtualHost { get; set; } = "/";

    /// <summary>May configure, read and write in the virtual host. Default none.</summary>
    public string? User { get; set; }

    /// <summary>The user's password. Default none; give it by the environment.</summary>
    public string? Password { get; set; }

    /// <summary>TLS 1.2 or 1.3; the broker's certificate must be trusted and name <see cref="Host"/>. Default false.</summary>
    public bool Tls { get; set; }

    /// <summary>PEM file with the certificates of the only authorities that are trusted to name the broker. Default none: the system's.</summary>
    public string? TlsCa { get; set; }

    public bool IsBroker => Transport == "rabbitmq";

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
                foreach (var failure in ValidateBroker())
                {
                    yield return failure;
                }

                break;
            default:
                yield return $"{Section}:Transport must be memory or rabbitmq";
                break;
        }
    }

    private IEnumerable<string> ValidateBroker()
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            yield return $"{Section}:Host is missing";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"{Section}:Port must be 1 to 65535";
        }

        if (string.IsNullOrWhiteSpace(VirtualHost))
        {
            yield return $"{Section}:VirtualHost is missing";
        }

        if (string.IsNullOrEmpty(User))
        {
            yield return $"{Section}:User is missing";
        }

        if (!string.IsNullOrEmpty(TlsCa) && !Tls)
        {
            yield return $"{Section}:TlsCa is set and {Section}:Tls is not";
        }
    }
}
