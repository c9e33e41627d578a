using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace HSENet.Commands;

/// <summary>
/// Options and arguments of the commands of both programs. What is wrong with a value is told in one line, in words of the option.
/// </summary>
internal static class Parameters
{
    /// <summary>More would push the descriptions of the help to its right margin.</summary>
    private const int LongestLabel = 30;

    /// <param name="name">With its dashes.</param>
    /// <param name="value">What the help calls the value: FILE, DIR, UID.</param>
    /// <param name="description">For somebody who sees it for the first time.</param>
    public static Option<string> Text(string name, string value, string description)
    {
        var option = new Option<string>(name) { HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne };
        option.Validators.Add(NeedsValue);
        return option;
    }

    /// <summary>One of a few words.</summary>
    public static Option<string> Choice(string name, string description, IReadOnlyList<string> words)
    {
        var joined = string.Join('|', words);
        var option = joined.Length <= LongestLabel
            ? Text(name, joined, description)
            : Text(name, name.TrimStart('-').ToUpperInvariant(), $"{description} One of {string.Join(", ", words)}.");
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !words.Contains(token.Value))
            {
                result.AddError($"{name} {token.Value}: one of {string.Join(", ", words)} is wanted.");
            }
        });
        option.CompletionSources.Add([.. words]);
        return option;
    }

    /// <summary>A whole number with a default.</summary>
    public static Option<int> Number(string name, string value, string description, int least, int most, int otherwise) => new(name)
    {
        HelpName = value,
        Description = $"{description} {least} to {most}.",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => ReadNumber(result, name, least, most),
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> Number(string name, string value, string description, int least, int most) => new(name)
    {
        HelpName = value,
        Description = $"{description} {least} to {most}.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => ReadNumber(result, name, least, most),
    };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>One value or more, up to the next option.</summary>
    public static Option<string[]> Many(string name, string value, string description)
    {
        var option = new Option<string[]>(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
        option.Validators.Add(NeedsValue);
        option.Validators.Add(result =>
        {
            if (result.IdentifierTokenCount > 1)
            {
                result.AddError($"{name} is given twice.");
            }
        });
        return option;
    }

    public static Argument<string> Operand(string name, string description) => Checked(new Argument<string>(name) { Description = description });

    /// <summary>One or more.</summary>
    public static Argument<string[]> Operands(string name, string description) =>
        Checked(new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore });

    /// <summary>The option must be given.</summary>
    public static Option<T> Needed<T>(this Option<T> option)
    {
        option.Required = true;
        return option;
    }

    /// <summary>What holds when the option is left out, as the help shows it.</summary>
    public static Option<string> Otherwise(this Option<string> option, string value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>A command that only holds others.</summary>
    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        return group;
    }

    /// <summary>Adds options in the order in which the help shows them.</summary>
    public static Command With(this Command command, params Option[] options)
    {
        foreach (var option in options)
        {
            command.Add(option);
        }

        return command;
    }

    private static T Checked<T>(T argument)
        where T : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.StartsWith('-'))
                {
                    result.AddError($"There is no option {token.Value}.");
                }
                else if (token.Value.Length == 0)
                {
                    result.AddError($"{argument.Name} is empty.");
                }
            }
        });
        return argument;
    }

    private static void NeedsValue(OptionResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0 || token.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"{result.Option.Name} needs a value.");
        }
    }

    private static int ReadNumber(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{name} {text}: a whole number from {least} to {most} is wanted.");
        return least;
    }
}
