namespace HSENet.Trainer.Commands;

/// <summary>Options that take one value or more, up to the next option.</summary>
internal static class ManyValues
{
    /// <summary>Takes the option and its values out of a command line.</summary>
    /// <returns>The values, none without the option; and what is left of the command line.</returns>
    /// <exception cref="UsageException">The option comes twice or has no value.</exception>
    public static (IReadOnlyList<string> Values, string[] Left) Take(string command, string[] args, string name)
    {
        var start = Array.IndexOf(args, name);
        if (start < 0)
        {
            return ([], args);
        }

        var values = args.Skip(start + 1).TakeWhile(value => !value.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (values.Length == 0 || Array.IndexOf(args, name, start + 1) >= 0)
        {
            throw new UsageException($"{command}: {name}: {(values.Length == 0 ? "a value is missing" : "given twice")}.");
        }

        return (values, [.. args.Take(start), .. args.Skip(start + 1 + values.Length)]);
    }
}
