namespace HSENet.Worker.Configuration;

/// <summary>Where traces and metrics go. Bound from <c>HSENet:Telemetry</c>. Metrics can also be read at <c>HSENet:Web:Url</c>.</summary>
internal sealed class TelemetryOptions
{
    private const string Section = "HSENet:Telemetry";

    /// <summary>Address of an OpenTelemetry collector (OTLP): http://host:4318 for http/protobuf, http://host:4317 for grpc. Default none: nothing is sent, and no traces are made.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>http/protobuf or grpc. Default http/protobuf.</summary>
    public string OtlpProtocol { get; set; } = "http/protobuf";

    public IEnumerable<string> Validate()
    {
        if (!string.IsNullOrWhiteSpace(OtlpEndpoint)
            && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")))
        {
            yield return $"{Section}:OtlpEndpoint must be an http or https address";
        }

        if (OtlpProtocol is not ("http/protobuf" or "grpc"))
        {
            yield return $"{Section}:OtlpProtocol must be http/protobuf or grpc";
        }
    }
}
