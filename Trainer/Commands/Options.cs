namespace HSENet.Trainer.Commands;

/// <summary>The options of a command line: <c>--name value</c> pairs, each at most once, no other names.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string _command;

    /// <exception cref="UsageException">An unknown, doubled or incomplete option.</exception>
    public Options(string command, string[] args, params ReadOnlySpan<string> known)
    {
        _command = command;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i]))
            {
                throw new UsageException($"{command}: {args[i]} is not an option.");
            }

            if (i + 1 == args.Length)
            {
                throw new UsageException($"{command}: {args[i]} needs a value.");
            }

            if (!_values.TryAdd(args[i], args[i + 1]))
            {
                throw new UsageException($"{command}: {args[i]} comes twice.");
            }
        }
    }

    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <exception cref="UsageException">It is not given.</exception>
    public string Need(string name) => Find(name) ?? throw new UsageException($"{_command}: {name} is missing.");
}
