using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Worker.Routing.Rules;

/// <summary>A test of one value.</summary>
internal abstract record RuleTest
{
    public abstract bool Passes(string value);

    /// <summary>A value as number (VR DS, IS, US …); null when it is none.</summary>
    protected static decimal? Number(string value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The same text, letter for letter.</summary>
internal sealed record TextTest(string Text) : RuleTest
{
    public override bool Passes(string value) => string.Equals(value, Text, StringComparison.Ordinal);
}

/// <summary>A number within bounds; null: no bound.</summary>
internal sealed record RangeTest(decimal? Low, bool IncludesLow, decimal? High, bool IncludesHigh) : RuleTest
{
    public override bool Passes(string value) =>
        Number(value) is { } number
        && (Low is not { } low || number > low || (IncludesLow && number == low))
        && (High is not { } high || number < high || (IncludesHigh && number == high));
}

/// <summary>A text at or after, at or before another in ordinal order: dates and times (VR DA, TM, DT) compare so.</summary>
internal sealed record OrderTest(string Operator, string Text) : RuleTest
{
    public override bool Passes(string value)
    {
        var order = string.CompareOrdinal(value, Text);
        return Operator switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}

/// <summary>A regular expression that finds something in the value. Without backtracking: its time is linear whatever a sender writes.</summary>
internal sealed record PatternTest(Regex Pattern) : RuleTest
{
    public override bool Passes(string value) => Pattern.IsMatch(value);
}

/// <summary>Any of several.</summary>
internal sealed record AnyTest(IReadOnlyList<RuleTest> Tests) : RuleTest
{
    public override bool Passes(string value) => Tests.Any(test => test.Passes(value));
}
