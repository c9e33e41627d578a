using System.CommandLine;

namespace HSENet.Worker.Commands;

/// <summary>Settings on the command line, for every command: <c>--HSENet:Key=value</c> or <c>--HSENet:Key value</c>.</summary>
internal static class SettingArguments
{
    private const string Name = "--HSENet";

    public static Option<string[]> Create()
    {
        var option = new Option<string[]>(Name)
        {
            HelpName = "Section:Key=value",
            Description = "A setting, before those of files and environment, such as --HSENet:Dicom:Port=11112. May be given more than once.",
            Arity = ArgumentArity.ZeroOrMore,
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.IdentifierTokenCount > result.Tokens.Count || result.Tokens.Any(t => t.Value.StartsWith('=')))
            {
                result.AddError($"{Name} needs a key and a value: {Name}:Section:Key=value.");
            }

            foreach (var token in result.Tokens.Where(t => !t.Value.Contains('=', StringComparison.Ordinal)))
            {
                result.AddError($"{Name}:{token.Value} needs a value: {Name}:{token.Value}=value.");
            }
        });
        return option;
    }

    /// <summary>Key and value become one argument, the section's case is ours.</summary>
    public static string[] Join(IReadOnlyList<string> args)
    {
        var joined = new List<string>(args.Count);
        for (var i = 0; i < args.Count; i++)
        {
            var isSetting = args[i].StartsWith($"{Name}:", StringComparison.OrdinalIgnoreCase);
            var setting = isSetting ? Name + args[i][Name.Length..] : args[i];
            joined.Add(isSetting && !setting.Contains('=', StringComparison.Ordinal) && i + 1 < args.Count ? $"{setting}={args[++i]}" : setting);
        }

        return [.. joined];
    }

    /// <summary>For the configuration's command line provider.</summary>
    public static string[] Of(ParseResult result) => [.. (result.GetValue<string[]>(Name) ?? []).Select(setting => $"{Name}:{setting}")];
}
