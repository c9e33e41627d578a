using System.Globalization;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>What to run.</summary>
internal sealed record PipelineOptions
{
    /// <summary>Series to send; of the workers benchmark: in each measurement.</summary>
    public int SeriesCount { get; init; }

    /// <summary>Inference processes of a soak.</summary>
    public int WorkerCount { get; init; } = 2;

    /// <summary>How long the model of a job sleeps, ms.</summary>
    public int ModelMilliseconds { get; init; } = 100;

    /// <summary>Series sent and not yet reported: the sender waits at so many.</summary>
    public int InFlightCount { get; init; } = 32;

    public required string JsonFile { get; init; }

    public TimeSpan ModelTime => TimeSpan.FromMilliseconds(ModelMilliseconds);

    /// <returns>Null for arguments that are none.</returns>
    public static PipelineOptions? Parse(string[] args, PipelineOptions defaults)
    {
        var options = defaults;
        if (args.Length % 2 != 0)
            return null;
        for (var i = 0; i < args.Length; i += 2)
        {
            var (name, value) = (args[i], args[i + 1]);
            if (name == "--json")
                options = options with { JsonFile = value };
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                return null;
            else if (name == "--series")
                options = options with { SeriesCount = number };
            else if (name == "--workers")
                options = options with { WorkerCount = number };
            else if (name == "--model-ms")
                options = options with { ModelMilliseconds = number };
            else if (name == "--in-flight")
                options = options with { InFlightCount = number };
            else
                return null;
        }

        return options;
    }
}
