using System.CommandLine;
using Xunit;

namespace HSENet.TestKit;

/// <summary>Walks the commands of a program.</summary>
public static class CommandTree
{
    /// <summary>Each command as it is typed, without the program; the program itself is the empty one.</summary>
    public static IEnumerable<string> Paths(Command command, string above = "") =>
        [above, .. command.Subcommands.SelectMany(child => Paths(child, $"{above} {child.Name}".TrimStart()))];

    /// <summary>Everything says what it is for, in a sentence, and is shown.</summary>
    public static void AssertDescribed(Command command)
    {
        foreach (var symbol in command.Options.Concat<Symbol>(command.Arguments).Append(command))
        {
            Assert.False(symbol.Hidden, symbol.Name);
            Assert.True(symbol.Description is { Length: > 3 } text && text[^1] == '.', $"{command.Name}: {symbol.Name}");
        }

        foreach (var child in command.Subcommands)
        {
            AssertDescribed(child);
        }
    }
}
