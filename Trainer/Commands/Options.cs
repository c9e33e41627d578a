using System.Globalization;

namespace HSENet.Trainer.Commands;

/// <summary>The options of a command line: names with one value each, and flags.</summary>
internal sealed class Options
{
    private readonly string _command;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    /// <exception cref="UsageException">An option is unknown, comes twice or lacks its value.</exception>
    public Options(string command, string[] args, string[] withValue, params string[] flags)
    {
        _command = command;
        for (var i = 0; i < args.Length; i++)
        {
            if (flags.Contains(args[i]))
            {
                _flags.Add(args[i]);
            }
            else if (!withValue.Contains(args[i]))
            {
                throw new UsageException($"{command}: {args[i]}: unknown option.");
            }
            else if (i + 1 == args.Length)
            {
                throw new UsageException($"{command}: {args[i]}: a value is missing.");
            }
            else if (!_values.TryAdd(args[i], args[i + 1]))
            {
                throw new UsageException($"{command}: {args[i]}: given twice.");
            }
            else
            {
                i++;
            }
        }
    }

    public bool Has(string flag) => _flags.Contains(flag);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw new UsageException($"{_command}: {name} is missing.");

    /// <param name="name">The option.</param>
    /// <param name="otherwise">Its default; null: required.</param>
    /// <param name="least">Smallest value allowed.</param>
    /// <param name="most">Largest value allowed.</param>
    public int Number(string name, int? otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise ?? throw new UsageException($"{_command}: {name} is missing.");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{_command}: {name} {text}: a whole number of {least} to {most} is wanted.");
    }
}
