namespace HSENet.Worker.Routing.Rules;

/// <summary>Why a rule matches or does not: one line for each part of it.</summary>
/// <param name="Depth">How deep the part lies in the rule.</param>
/// <param name="Text">A clause as written, or <c>and</c>, <c>or</c>, <c>not</c> before their parts.</param>
/// <param name="Keyword">The clause's attribute; null for what joins clauses.</param>
/// <param name="Matches">Whether this part is true.</param>
internal sealed record RuleExplanation(int Depth, string Text, string? Keyword, bool Matches)
{
    /// <summary>Every part is judged, also those that the outcome does not depend on.</summary>
    public static IReadOnlyList<RuleExplanation> Of(RuleNode rule, IRuleAttributes attributes)
    {
        var lines = new List<RuleExplanation>();
        Add(rule, 0);
        return lines;

        void Add(RuleNode node, int depth)
        {
            var (text, parts) = node switch
            {
                AndNode => ("and", Parts(node)),
                OrNode => ("or", Parts(node)),
                NotNode not => ("not", [not.Inner]),
                ClauseNode clause => (clause.Text, []),
                _ => throw new InvalidOperationException($"no explanation for {node.GetType().Name}"),
            };
            lines.Add(new RuleExplanation(depth, text, (node as ClauseNode)?.Keyword, node.Matches(attributes)));
            parts.ForEach(part => Add(part, depth + 1));
        }
    }

    /// <summary><c>a and b and c</c> is one "and" with three parts.</summary>
    private static List<RuleNode> Parts(RuleNode node) => node switch
    {
        AndNode and => [.. and.Left is AndNode ? Parts(and.Left) : [and.Left], and.Right],
        OrNode or => [.. or.Left is OrNode ? Parts(or.Left) : [or.Left], or.Right],
        _ => [node],
    };
}
