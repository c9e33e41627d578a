namespace HSENet.Worker.Routing.Rules;

/// <summary>What a rule is asked about: the attributes of one series.</summary>
internal interface IRuleAttributes
{
    /// <summary>The values of an attribute, without padding; none when it is absent or empty.</summary>
    IReadOnlyList<string> Values(string keyword);
}
