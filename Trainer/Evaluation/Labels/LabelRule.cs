using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>When a clause speaks of a label, affirmed or not: a cue matches and no exclusion does.</summary>
internal sealed class LabelRule
{
    private readonly Regex _cue;
    private readonly Regex? _exclusion;

    public LabelRule(string label, string cue, string? exclusion = null)
    {
        Label = label;
        _cue = Compile(cue);
        _exclusion = exclusion is null ? null : Compile(exclusion);
    }

    public string Label { get; }

    public bool Mentions(string clause) => _cue.IsMatch(clause) && _exclusion?.IsMatch(clause) != true;

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
