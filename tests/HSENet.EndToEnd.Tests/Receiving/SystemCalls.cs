using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>One system call of a trace.</summary>
/// <param name="Name">As strace names it.</param>
/// <param name="Text">The whole call with its arguments and result.</param>
/// <param name="Begin">Line where it was entered.</param>
/// <param name="End">Line where it had returned.</param>
internal sealed record SystemCall(string Name, string Text, int Begin, int End);

/// <summary>Reads the output of <c>strace -f -o FILE</c>: calls of several threads interleave, and a call may be told in two pieces.</summary>
internal static partial class SystemCalls
{
    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<(string Thread, string Name), (string Text, int Line)>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Resumed().Match(line) is { Success: true } resumed)
            {
                if (unfinished.Remove((resumed.Groups["thread"].Value, resumed.Groups["name"].Value), out var begun))
                    calls.Add(new SystemCall(resumed.Groups["name"].Value, begun.Text + resumed.Groups["rest"].Value, begun.Line, number));
            }
            else if (Call().Match(line) is { Success: true } call)
            {
                var (thread, name, rest) = (call.Groups["thread"].Value, call.Groups["name"].Value, call.Groups["rest"].Value);
                if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                    unfinished[(thread, name)] = (rest[..^"<unfinished ...>".Length], number);
                else
                    calls.Add(new SystemCall(name, rest, number, number));
            }
        }

        return calls;
    }

    public static bool Succeeded(this SystemCall call) => Result().Match(call.Text) is { Success: true } result
        && long.Parse(result.Groups["value"].Value, CultureInfo.InvariantCulture) >= 0;

    [GeneratedRegex(@"^(?<thread>\d+) +<\.\.\. (?<name>\w+) resumed>(?<rest>.*)$")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\((?<rest>.*)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"= (?<value>-?\d+)[^=]*$")]
    private static partial Regex Result();
}
