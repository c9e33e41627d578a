namespace HSENet.Worker.Commands;

/// <summary>Arguments of commands that take settings only: <c>--HSENet:Key=value</c> or <c>--HSENet:Key value</c>.</summary>
internal static class SettingArguments
{
    private const string Prefix = "--HSENet:";

    /// <exception cref="UsageException">Anything else was given.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                throw new UsageException($"unexpected argument: {args[i]}");
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
            {
                throw new UsageException($"{args[i - 1]} needs a value");
            }
        }
    }
}
