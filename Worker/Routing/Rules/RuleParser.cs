using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Worker.Routing.Rules;

/// <summary>
/// Reads a rule. <c>or</c> binds weakest, then <c>and</c>, then <c>not</c>; parentheses as usual. A test names an attribute by its keyword (PS3.6) and is one of
/// <c>== != &lt; &lt;= &gt; &gt;=</c> with a number or a text, <c>matches "regular expression"</c>, <c>in ["a", "b"]</c>, <c>in 0.5..1.5</c> and <c>exists</c>. It is
/// true when any value of the attribute passes; <c>!=</c> is the opposite of <c>==</c>, so it is true for an absent attribute.
/// </summary>
internal sealed class RuleParser
{
    private const int MaximumLength = 4096;
    private const int MaximumDepth = 64;

    private readonly string _rule;
    private readonly List<RuleToken> _tokens;
    private readonly Func<string, bool> _isKnown;
    private int _at;
    private int _depth;

    private RuleParser(string rule, Func<string, bool> isKnown)
    {
        _rule = rule;
        _tokens = RuleLexer.Read(rule);
        _isKnown = isKnown;
    }

    private RuleToken Current => _tokens[_at];

    /// <param name="rule">The text.</param>
    /// <param name="isKnown">Is that an attribute's keyword?</param>
    /// <exception cref="RuleSyntaxException">It is no rule.</exception>
    public static RuleNode Parse(string rule, Func<string, bool> isKnown)
    {
        if (rule.Length > MaximumLength)
        {
            throw new RuleSyntaxException(MaximumLength, $"a rule has at most {MaximumLength} characters");
        }

        var parser = new RuleParser(rule, isKnown);
        var node = parser.Or();
        return parser.Current.Kind == RuleTokenKind.End ? node : throw parser.Expected("and, or, or the end");
    }

    private RuleNode Or()
    {
        var node = And();
        while (TryTake("or"))
        {
            node = new OrNode(node, And());
        }

        return node;
    }

    private RuleNode And()
    {
        var node = Not();
        while (TryTake("and"))
        {
            node = new AndNode(node, Not());
        }

        return node;
    }

    private RuleNode Not()
    {
        if (++_depth > MaximumDepth)
        {
            throw new RuleSyntaxException(Current.Position, "the rule is nested too deeply");
        }

        RuleNode node;
        if (TryTake("not"))
        {
            node = new NotNode(Not());
        }
        else if (TryTake("("))
        {
            node = Or();
            Take(")");
        }
        else
        {
            node = Test();
        }

        _depth--;
        return node;
    }

    private RuleNode Test()
    {
        var token = Current;
        if (token.Kind != RuleTokenKind.Word || token.Text is "and" or "or" or "in" or "matches" or "exists")
        {
            throw Expected("an attribute");
        }

        if (!_isKnown(token.Text))
        {
            throw new RuleSyntaxException(token.Position, $"{token} is not the keyword of an attribute");
        }

        _at++;
        var sign = Current;
        _at++;
        switch (sign.Text)
        {
            case "exists" when sign.Kind == RuleTokenKind.Word:
                return new ExistsNode(token.Text, TextFrom(token));
            case "matches" when sign.Kind == RuleTokenKind.Word:
                return Clause(token, Pattern());
            case "in" when sign.Kind == RuleTokenKind.Word:
                return Clause(token, In());
            case "==" when sign.Kind == RuleTokenKind.Sign:
                return Clause(token, Equal());
            case "!=" when sign.Kind == RuleTokenKind.Sign:
                var equal = Equal();
                return new DiffersNode(token.Text, equal, TextFrom(token));
            case "<" or "<=" or ">" or ">=" when sign.Kind == RuleTokenKind.Sign:
                return Clause(token, Ordered(sign.Text));
            default:
                _at--;
                throw Expected("==, !=, <, <=, >, >=, matches, in or exists");
        }
    }

    private TestNode Clause(RuleToken attribute, RuleTest test) => new(attribute.Text, test, TextFrom(attribute));

    /// <summary>What was written from the token up to here.</summary>
    private string TextFrom(RuleToken token) => _rule[token.Position..Current.Position].TrimEnd();

    private PatternTest Pattern()
    {
        var token = Current;
        var pattern = TakeText("a regular expression in quotes");
        try
        {
            return new PatternTest(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new RuleSyntaxException(token.Position, $"not a regular expression that can be used: {e.Message}");
        }
    }

    private RuleTest In()
    {
        if (!TryTake("["))
        {
            var low = TakeNumber();
            Take("..");
            var position = Current.Position;
            var high = TakeNumber();
            return low <= high
                ? new RangeTest(low, IncludesLow: true, high, IncludesHigh: true)
                : throw new RuleSyntaxException(position, "the range ends before it begins");
        }

        var tests = new List<RuleTest> { Equal() };
        while (TryTake(","))
        {
            tests.Add(Equal());
        }

        Take("]");
        return new AnyTest(tests);
    }

    private RuleTest Equal()
    {
        if (Current.Kind == RuleTokenKind.Text)
        {
            return new TextTest(_tokens[_at++].Text);
        }

        var number = TakeNumber();
        return new RangeTest(number, IncludesLow: true, number, IncludesHigh: true);
    }

    private RuleTest Ordered(string sign)
    {
        if (Current.Kind == RuleTokenKind.Text)
        {
            return new OrderTest(sign, _tokens[_at++].Text);
        }

        var number = TakeNumber();
        var isInclusive = sign is "<=" or ">=";
        return sign[0] == '<'
            ? new RangeTest(null, IncludesLow: false, number, isInclusive)
            : new RangeTest(number, isInclusive, null, IncludesHigh: false);
    }

    private string TakeText(string what) => Current.Kind == RuleTokenKind.Text ? _tokens[_at++].Text : throw Expected(what);

    private decimal TakeNumber()
    {
        if (Current.Kind == RuleTokenKind.Number && decimal.TryParse(Current.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            _at++;
            return number;
        }

        throw Expected("a number or a text in quotes");
    }

    private bool TryTake(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Take(string word)
    {
        if (!TryTake(word))
        {
            throw Expected($"\"{word}\"");
        }
    }

    private RuleSyntaxException Expected(string what) => new(Current.Position, $"expected {what}, found {Current}");
}
