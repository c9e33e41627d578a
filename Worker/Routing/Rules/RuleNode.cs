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

/// <summary>One clause about one attribute.</summary>
/// <param name="Keyword">The attribute.</param>
/// <param name="Text">As written.</param>
internal abstract record ClauseNode(string Keyword, string Text) : RuleNode;

/// <summary>True when any value of the attribute passes the test; an absent attribute passes none.</summary>
internal sealed record TestNode(string Keyword, RuleTest Test, string Text) : ClauseNode(Keyword, Text)
{
    public override bool Matches(IRuleAttributes attributes) => attributes.Values(Keyword).Any(Test.Passes);
}

/// <summary><c>!=</c>: no value of the attribute passes the test.</summary>
internal sealed record DiffersNode(string Keyword, RuleTest Test, string Text) : ClauseNode(Keyword, Text)
{
    public override bool Matches(IRuleAttributes attributes) => !attributes.Values(Keyword).Any(Test.Passes);
}

/// <summary><c>exists</c>: the attribute has a value.</summary>
internal sealed record ExistsNode(string Keyword, string Text) : ClauseNode(Keyword, Text)
{
    public override bool Matches(IRuleAttributes attributes) => attributes.Values(Keyword).Count > 0;
}
