namespace HSENet.Worker.Configuration;

/// <summary>One routing rule. Bound from <c>HSENet:Routes:N</c>. Until rules are evaluated any configured route is refused at start.</summary>
internal sealed class RouteOptions
{
    /// <summary>No default.</summary>
    public string Name { get; set; } = "";

    /// <summary>Rule over header attributes. No default.</summary>
    public string When { get; set; } = "";

    /// <summary>off, shadow or draft. Default draft.</summary>
    public string Mode { get; set; } = "draft";

    /// <summary>Model directory. Default: that of <c>HSENet:Model:Directory</c>.</summary>
    public string? Model { get; set; }

    /// <summary>Names of destinations. Default (empty): every destination.</summary>
    public List<string> Destinations { get; set; } = [];

    /// <summary>routine or stat. Default routine.</summary>
    public string Priority { get; set; } = "routine";

    /// <summary>best or all. Default best.</summary>
    public string PerStudy { get; set; } = "best";
}
