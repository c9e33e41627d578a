using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HSENet.Faults;

/// <summary>The command line.</summary>
internal sealed record FaultOptions
{
    public required IReadOnlyList<FaultCase> Cases { get; init; }

    public int Times { get; init; } = 20;

    /// <summary>Of all dice. A random one when none is given; it is told, so that a run can be repeated.</summary>
    public int Seed { get; init; }

    /// <summary>Sent in each repetition.</summary>
    public int Series { get; init; } = 3;

    /// <summary>Where the table is written besides; null: nowhere.</summary>
    public string? Out { get; init; }

    public static bool TryParse(string[] args, [NotNullWhen(true)] out FaultOptions? options, out string wrong)
    {
        options = null;
        wrong = "";
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!(args[i] is "--case" or "--times" or "--seed" or "--series" or "--out") || i + 1 == args.Length)
            {
                wrong = $"{args[i]} is not understood";
                return false;
            }

            values[args[i]] = args[i + 1];
        }

        var names = values.GetValueOrDefault("--case", "all").Split(',');
        var cases = names is ["all"] ? FaultCases.All : [.. FaultCases.All.Where(c => names.Any(n => c.Name == n || (n.EndsWith('*') && c.Name.StartsWith(n[..^1], StringComparison.Ordinal))))];
        if (cases.Count == 0)
            wrong = $"there is no case {string.Join(',', names)}";
        options = new FaultOptions
        {
            Cases = cases,
            Times = Number("--times", 20, ref wrong),
            Seed = Number("--seed", Random.Shared.Next(1, 1_000_000), ref wrong),
            Series = Number("--series", 3, ref wrong),
            Out = values.GetValueOrDefault("--out"),
        };
        return wrong.Length == 0;

        int Number(string name, int otherwise, ref string wrong)
        {
            if (!values.TryGetValue(name, out var text))
                return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0)
                return value;
            wrong = $"{name} is a number above 0";
            return otherwise;
        }
    }
}
