using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Routing;

/// <summary>What is to be done with a closed series.</summary>
/// <param name="Name">Name in rows and logs.</param>
/// <param name="When">Which series; null for every one that the header judgement let pass.</param>
/// <param name="Mode"><c>draft</c> (delivered), <c>shadow</c> (kept) or <c>off</c>.</param>
/// <param name="Model">Name of the model directory.</param>
/// <param name="Priority">1 routine, 2 stat.</param>
/// <param name="Destinations">Names of the destinations that the report goes to; none unless the mode is draft.</param>
/// <param name="IsBestOnly">One report for each study, of its best series.</param>
internal sealed record Route(
    string Name, RuleNode? When, string Mode, string Model, short Priority, IReadOnlyList<string> Destinations, bool IsBestOnly)
{
    public bool IsOff => Mode == "off";

    public bool Matches(IRuleAttributes attributes) => !IsOff && (When is null || When.Matches(attributes));
}
