namespace HSENet.Worker.Commands;

/// <summary>Splits a command's arguments into positional ones, its own options, and settings (<c>--HSENet:…</c>) for the configuration.</summary>
internal sealed class CommandArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _positional = [];
    private readonly List<string> _settings = [];

    /// <param name="args">What follows the command's name.</param>
    /// <param name="known">The command's own options, each taking a value, with their dashes.</param>
    public CommandArguments(string[] args, params string[] known)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--HSENet:", StringComparison.OrdinalIgnoreCase))
            {
                _settings.Add(args[i]);
                if (!args[i].Contains('=', StringComparison.Ordinal))
                {
                    _settings.Add(ValueAfter(args, ref i));
                }
            }
            else if (known.Contains(args[i], StringComparer.Ordinal))
            {
                var name = args[i];
                if (!_options.TryAdd(name, ValueAfter(args, ref i)))
                {
                    throw new UsageException($"{name} is given twice");
                }
            }
            else if (args[i].StartsWith('-'))
            {
                throw new UsageException($"unknown option {args[i]}");
            }
            else
            {
                _positional.Add(args[i]);
            }
        }
    }

    public IReadOnlyList<string> Positional => _positional;

    /// <summary>Arguments for the configuration's command line provider.</summary>
    public string[] Settings => [.. _settings];

    public string? Option(string name) => _options.GetValueOrDefault(name);

    private static string ValueAfter(string[] args, ref int i) =>
        i + 1 < args.Length && args[i + 1].Length > 0 ? args[++i] : throw new UsageException($"{args[i]} needs a value");
}
