namespace HSENet.Worker.Routing.Rules;

/// <summary>A rule or a part of one.</summary>
internal abstract record RuleNode
{
    public abstract bool Matches(IRuleAttributes attributes);
}

internal sealed record AndNode(RuleNode Left, RuleNode Right) : RuleNode
{
    public override bool Matches(IRuleAttributes attributes) => Left.Matches(attributes) && Right.Matches(attributes);
}

internal sealed record OrNode(RuleNode Left, RuleNode Right) : RuleNode
{
    public override bool Matches(IRuleAttributes attributes) => Left.Matches(attributes) || Right.Matches(attributes);
}

internal sealed record NotNode(RuleNode Inner) : RuleNode
{
    public override bool Matches(IRuleAttributes attributes) => !Inner.Matches(attributes);
}

/// <summary>True when any value of the attribute passes the test; an absent attribute passes none.</summary>
internal sealed record TestNode(string Keyword, RuleTest Test) : RuleNode
{
    public override bool Matches(IRuleAttributes attributes) => attributes.Values(Keyword).Any(Test.Passes);
}

/// <summary><c>exists</c>: the attribute has a value.</summary>
internal sealed record ExistsNode(string Keyword) : RuleNode
{
    public override bool Matches(IRuleAttributes attributes) => attributes.Values(Keyword).Count > 0;
}
