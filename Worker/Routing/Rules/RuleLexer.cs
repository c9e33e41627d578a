using System.Text;

namespace HSENet.Worker.Routing.Rules;

/// <summary>Cuts a rule into tokens.</summary>
internal static class RuleLexer
{
    private static readonly string[] Signs = ["==", "!=", "<=", ">=", "..", "<", ">", "(", ")", "[", "]", ","];

    /// <exception cref="RuleSyntaxException">A character that means nothing, a text without end, a number that is none.</exception>
    public static List<RuleToken> Read(string rule)
    {
        var tokens = new List<RuleToken>();
        var at = 0;
        while (at < rule.Length)
        {
            var c = rule[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c == '"')
            {
                tokens.Add(ReadText(rule, ref at));
            }
            else if (char.IsAsciiDigit(c) || (c == '-' && at + 1 < rule.Length && char.IsAsciiDigit(rule[at + 1])))
            {
                tokens.Add(ReadNumber(rule, ref at));
            }
            else if (char.IsAsciiLetter(c))
            {
                var start = at;
                while (at < rule.Length && char.IsAsciiLetterOrDigit(rule[at]))
                {
                    at++;
                }

                tokens.Add(new RuleToken(RuleTokenKind.Word, rule[start..at], start));
            }
            else if (Array.Find(Signs, sign => string.CompareOrdinal(rule, at, sign, 0, sign.Length) == 0) is { } sign)
            {
                tokens.Add(new RuleToken(RuleTokenKind.Sign, sign, at));
                at += sign.Length;
            }
            else
            {
                throw new RuleSyntaxException(at, $"unexpected \"{c}\"");
            }
        }

        tokens.Add(new RuleToken(RuleTokenKind.End, "", rule.Length));
        return tokens;
    }

    /// <summary>A backslash stands for itself (regular expressions need many), but before a quote: <c>\"</c> is a quote.</summary>
    private static RuleToken ReadText(string rule, ref int at)
    {
        var start = at++;
        var text = new StringBuilder();
        for (; at < rule.Length; at++)
        {
            if (rule[at] == '"')
            {
                at++;
                return new RuleToken(RuleTokenKind.Text, text.ToString(), start);
            }

            if (rule[at] == '\\' && at + 1 < rule.Length && rule[at + 1] == '"')
            {
                at++;
            }

            text.Append(rule[at]);
        }

        throw new RuleSyntaxException(start, "a text without a closing quote");
    }

    private static RuleToken ReadNumber(string rule, ref int at)
    {
        var start = at++;
        while (at < rule.Length && char.IsAsciiDigit(rule[at]))
        {
            at++;
        }

        // one dot is a decimal point, two are a range
        if (at + 1 < rule.Length && rule[at] == '.' && char.IsAsciiDigit(rule[at + 1]))
        {
            at++;
            while (at < rule.Length && char.IsAsciiDigit(rule[at]))
            {
                at++;
            }
        }

        return at < rule.Length && char.IsAsciiLetter(rule[at])
            ? throw new RuleSyntaxException(start, "a number directly followed by a letter")
            : new RuleToken(RuleTokenKind.Number, rule[start..at], start);
    }
}
