using HSENet.Dicom.Series;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Configuration;

/// <summary>
/// One routing rule, read again when the settings file changes. Bound from <c>HSENet:Routes:N</c>. Rules see every closed series that the header judgement let
/// pass (axial CT, not known to be of another part of the body); each route that matches makes its own job.
/// </summary>
internal sealed class RouteOptions
{
    /// <summary>Unique name, 1 to 64 characters: rows, logs and reports use it. No default.</summary>
    public string Name { get; set; } = "";

    /// <summary>Rule over header attributes (language: <see cref="RuleParser"/>). No default.</summary>
    public string When { get; set; } = "";

    /// <summary>off (never matches), shadow (report made and kept, delivered to nobody) or draft. Default draft.</summary>
    public string Mode { get; set; } = "draft";

    /// <summary>Name of a model directory that lies beside <c>HSENet:Model:Directory</c>. Default: that directory itself.</summary>
    public string? Model { get; set; }

    /// <summary>Names of destinations. Default (empty): every destination. Without meaning in the modes shadow and off.</summary>
    public List<string> Destinations { get; set; } = [];

    /// <summary>routine or stat: stat goes before routine over all hosts. Default routine.</summary>
    public string Priority { get; set; } = "routine";

    /// <summary>best (one report for each study, of its best series) or all (one for each series). Default best.</summary>
    public string PerStudy { get; set; } = "best";

    public static IEnumerable<string> Validate(IReadOnlyList<RouteOptions> routes, IReadOnlyList<DestinationOptions> destinations)
    {
        var known = destinations.Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < routes.Count; i++)
        {
            var section = $"HSENet:Routes:{i}";
            var route = routes[i];
            if (string.IsNullOrWhiteSpace(route.Name) || route.Name.Length > 64 || route.Name.Any(char.IsControl))
            {
                yield return $"{section}:Name must be 1 to 64 characters";
            }
            else if (!names.Add(route.Name))
            {
                yield return $"{section}:Name is used twice";
            }

            foreach (var failure in route.Validate(section, known))
            {
                yield return failure;
            }
        }
    }

    private IEnumerable<string> Validate(string section, HashSet<string> destinations)
    {
        if (RuleFailure() is { } failure)
        {
            yield return $"{section}:When {failure}";
        }

        if (Mode is not ("off" or "shadow" or "draft"))
        {
            yield return $"{section}:Mode must be off, shadow or draft";
        }

        if (Model is not null && !IsDirectoryName(Model))
        {
            yield return $"{section}:Model must be the name of a directory beside HSENet:Model:Directory, not a path";
        }

        foreach (var unknown in Destinations.Where(name => !destinations.Contains(name)))
        {
            yield return $"{section}:Destinations names {unknown}, which is not the name of a destination";
        }

        if (Priority is not ("routine" or "stat"))
        {
            yield return $"{section}:Priority must be routine or stat";
        }

        if (PerStudy is not ("best" or "all"))
        {
            yield return $"{section}:PerStudy must be best or all";
        }
    }

    private string? RuleFailure()
    {
        if (string.IsNullOrWhiteSpace(When))
        {
            return "is missing";
        }

        try
        {
            RuleParser.Parse(When, SeriesAttributes.IsKnown);
            return null;
        }
        catch (RuleSyntaxException e)
        {
            return e.Message;
        }
    }

    private static bool IsDirectoryName(string name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= 128 && name is not ("." or "..") && name.All(c => c is not ('/' or '\\') && !char.IsControl(c));
}
