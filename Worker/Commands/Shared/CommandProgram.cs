using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace HSENet.Commands;

/// <summary>What the command lines of both programs have in common: help, version, and two lines for wrong usage.</summary>
internal static class CommandProgram
{
    private const int HelpWidth = 110;

    /// <summary>Arguments mean what they say: no bundled letters, no files of arguments.</summary>
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static RootCommand Root(string program, string description)
    {
        var root = new RootCommand(description) { HelpName = program };
        root.Options.Clear();
        var help = new HelpOption("--help", "-h") { Recursive = true, Description = "Shows what the command does, its options and their defaults." };
        ((HelpAction)help.Action!).MaxWidth = HelpWidth;
        root.Add(help);
        root.Add(new VersionOption("--version") { Description = "Shows the version.", Action = new VersionAction(program) });
        return root;
    }

    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) => root.Parse(args, Parsing);

    /// <summary>Signals and exceptions are the program's to handle.</summary>
    public static InvocationConfiguration Invocation(TextWriter output, TextWriter error) =>
        new() { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };

    /// <summary>Whether the command line is none of this program's; then it is told.</summary>
    public static bool IsWrong(ParseResult result, TextWriter error)
    {
        if (result.Errors.Count == 0)
        {
            return false;
        }

        var command = result.CommandResult.Command;
        var known = string.Join(", ", command.Subcommands.Select(c => c.Name));
        var message = command.Action is not null || command.Subcommands.Count == 0
            ? string.Join(' ', result.Errors.Select(e => e.Message).Distinct())
            : result.UnmatchedTokens is [var other, ..]
                ? $"There is no {Name(command)} {other}: one of {known} is wanted."
                : $"{Name(command)} needs one of {known}.";
        Tell(result, message, error);
        return true;
    }

    /// <summary>What is wrong, and where to read how it is right: two lines.</summary>
    public static void Tell(ParseResult result, string message, TextWriter error)
    {
        var names = new List<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Insert(0, Name(command.Command));
        }

        error.WriteLine($"wrong usage: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        error.WriteLine($"how it is used: {string.Join(' ', names)} --help");
    }

    private static string Name(Command command) => command is RootCommand root ? root.HelpName! : command.Name;
}
