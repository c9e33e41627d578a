using HSENet.Dicom.Series;
using HSENet.Worker.Messaging;
using HSENet.Worker.Observability;
using HSENet.Worker.Routing;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Commands;

/// <summary>The pages of <c>routes test</c>. A true part of a rule begins with +, a false one with -; what it looked at follows, unless that could name a patient.</summary>
internal sealed class RouteTestOutput(TextWriter output)
{
    private const int LongestValue = 100;

    /// <returns>Whether a route matches that is not off.</returns>
    public bool Write(string file, IReadOnlyList<Route> routes, IRuleAttributes attributes)
    {
        output.WriteLine(OperatorText.Clean(file));
        foreach (var route in routes)
        {
            var verdict = route.IsOff ? "is off" : route.Matches(attributes) ? $"matches: {Describe(route)}" : "does not match";
            output.WriteLine($"  route {route.Name} {verdict}");
            if (route.When is null)
            {
                output.WriteLine("    + every series that is not refused");
                continue;
            }

            foreach (var line in RuleExplanation.Of(route.When, attributes))
            {
                output.WriteLine($"    {new string(' ', 2 * line.Depth)}{(line.Matches ? '+' : '-')} {line.Text}{Seen(line.Keyword, attributes)}");
            }
        }

        return routes.Any(r => r.Matches(attributes));
    }

    private static string Describe(Route route)
    {
        var priority = route.Priority >= QueueNames.StatPriority ? "stat" : "routine";
        var scope = route.IsBestOnly ? "the best series of each study" : "every series";
        var destinations = route.Mode == "draft" ? $"to {(route.Destinations.Count == 0 ? "nobody" : string.Join(", ", route.Destinations))}" : "delivered to nobody";
        return $"{route.Mode}, model {route.Model}, {priority}, {scope}, {destinations}";
    }

    private static string Seen(string? keyword, IRuleAttributes attributes)
    {
        if (keyword is null)
        {
            return "";
        }

        var values = attributes.Values(keyword);
        var text = values.Count == 0 ? "absent" : SeriesAttributes.IsOfPatient(keyword) ? "not shown" : string.Join('\\', values);
        return $"  ({OperatorText.Clean(text.Length <= LongestValue ? text : text[..LongestValue] + "…")})";
    }
}
