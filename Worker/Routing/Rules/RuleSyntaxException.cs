namespace HSENet.Worker.Routing.Rules;

/// <summary>A rule that cannot be read. The message says where and what was expected.</summary>
internal sealed class RuleSyntaxException(int position, string problem) : Exception($"at character {position + 1}: {problem}")
{
    /// <summary>Zero-based place in the rule.</summary>
    public int Position { get; } = position;
}
