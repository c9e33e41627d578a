using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Routing;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Tests.Routing;

public sealed class RouteSetTests : IDisposable
{
    private readonly TempFolder _models = new("models");

    public RouteSetTests()
    {
        foreach (var name in (string[])["first", "second"])
            File.WriteAllText(Path.Combine(_models.Folder(name), "hsenet.json"), "{}");
        _models.Folder("not-a-model");
    }

    [Fact]
    public void Without_routes_every_series_goes_to_everybody_once_for_each_study()
    {
        var route = Assert.Single(RouteSet.Create([], Settings()).Routes);
        Assert.Equal(("default", "draft", "first", (short)1, true), (route.Name, route.Mode, route.Model, route.Priority, route.IsBestOnly));
        Assert.Equal(["pacs", "archive"], route.Destinations);
        Assert.True(route.Matches(new NoAttributes()));
    }

    [Fact]
    public void A_route_says_what_is_done()
    {
        var set = RouteSet.Create(
            [
                Route("urgent", "stat", "all", ["archive"]),
                new() { Name = "trial", When = "Modality != \"MR\"", Mode = "shadow", Model = "second", Destinations = ["pacs"] },
                new() { Name = "asleep", When = "Modality != \"MR\"", Mode = "off" },
            ],
            Settings());
        Assert.Equal(((short)2, false, "archive"), (set.Routes[0].Priority, set.Routes[0].IsBestOnly, Assert.Single(set.Routes[0].Destinations)));
        Assert.Equal(("shadow", "second", 0, true), (set.Routes[1].Mode, set.Routes[1].Model, set.Routes[1].Destinations.Count, set.Routes[1].IsBestOnly));
        Assert.Equal(["urgent", "trial"], set.Routes.Where(r => r.Matches(new NoAttributes())).Select(r => r.Name));
    }

    [Theory]
    [InlineData("third")]
    [InlineData("not-a-model")]
    public void A_model_that_is_not_there_is_refused_by_its_key(string model)
    {
        var failure = Assert.Throws<WorkerException>(() => RouteSet.Create([new() { Name = "a", When = "Rows exists", Model = model }], Settings()));
        Assert.Equal("configuration.invalid", failure.Code);
        Assert.Contains("HSENet:Routes:0:Model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_model_lies_names_cannot_be_checked()
    {
        var settings = Settings();
        settings.Model.Directory = _models.Path("elsewhere", "first");
        Assert.Equal("third", RouteSet.Create([new() { Name = "a", When = "Rows exists", Model = "third" }], settings).Routes[0].Model);
    }

    [Fact]
    public void A_destination_that_the_process_does_not_run_with_is_refused()
    {
        var failure = Assert.Throws<WorkerException>(() => RouteSet.Create([Route("a", "routine", "best", ["new-pacs"])], Settings()));
        Assert.Contains("HSENet:Routes:0:Destinations names new-pacs", failure.Message, StringComparison.Ordinal);
        Assert.Contains("restart", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_rule_is_another_digest()
    {
        var first = RouteSet.Create([Route("a", "routine", "best", [])], Settings()).Digest;
        Assert.Equal(first, RouteSet.Create([Route("a", "routine", "best", [])], Settings()).Digest);
        Assert.NotEqual(first, RouteSet.Create([Route("a", "stat", "best", [])], Settings()).Digest);
    }

    public void Dispose() => _models.Dispose();

    private static RouteOptions Route(string name, string priority, string perStudy, List<string> destinations) =>
        new() { Name = name, When = "Modality != \"MR\"", Priority = priority, PerStudy = perStudy, Destinations = destinations };

    private WorkerSettings Settings() => new()
    {
        Model = new() { Directory = _models.Path("first") },
        Destinations = [new() { Name = "pacs", AeTitle = "PACS", Host = "pacs" }, new() { Name = "archive", AeTitle = "ARCHIVE", Host = "archive" }],
    };

    private sealed class NoAttributes : IRuleAttributes
    {
        public IReadOnlyList<string> Values(string keyword) => [];
    }
}
