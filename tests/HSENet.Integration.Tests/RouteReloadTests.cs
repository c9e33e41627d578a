using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>Routes that change while the service runs.</summary>
public sealed class RouteReloadTests
{
    private const string Destination = """ "Destinations": [ { "Name": "pacs", "AeTitle": "PACS", "Host": "127.0.0.1" } ] """;

    [Fact]
    public async Task Right_routes_count_from_the_next_series_on_and_wrong_ones_never()
    {
        using var folder = new TempFolder("reload");
        var file = folder.Path("appsettings.json");
        await File.WriteAllTextAsync(file, Settings("first", "SeriesDescription == \\\"thick\\\""));
        var source = new SettingsSource([], folder.Root, isIsolated: false);
        await using var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Destinations.Clear();
            var read = SettingsReader.Read([], folder.Root);
            s.Destinations.AddRange(read.Destinations);
            s.Routes.AddRange(read.Routes);
        });
        var routes = world.Get<RouteTable>();
        var reload = new RouteReload(source, world.Settings, routes, world.Get<Database>(), world.Get<SweepLoop>(), NullLogger<RouteReload>.Instance);
        await ReloadAsync();
        Assert.Equal("first (draft)", routes.Current.ToString());

        string[] wrong =
        [
            Settings("second", "SeriesDescription == "), Settings("second", "Modality == \\\"CT\\\"", "nobody"), "{ \"HSENet\": { \"Routes\": [ ", "",
            Settings("second", "Modality == \\\"CT\\\"").Replace("\"Mode\"", "\"Mood\"", StringComparison.Ordinal),
        ];
        foreach (var text in wrong)
        {
            await File.WriteAllTextAsync(file, text);
            await ReloadAsync();
            await ReloadAsync(); // told once
            Assert.Equal("first (draft)", routes.Current.ToString());
        }

        File.Delete(file);
        await ReloadAsync();
        Assert.Equal("first (draft)", routes.Current.ToString());

        await File.WriteAllTextAsync(file, Settings("second", "Modality == \\\"CT\\\""));
        await ReloadAsync();
        await world.PushAsync(Series("thin", 2));
        await world.SweepSeriesAsync();

        Assert.Equal(["thin second ready"], await world.JobsAsync());
        Assert.Equal(
            [.. Enumerable.Repeat("8 configuration.invalid first (draft)", wrong.Length + 1), "0 - second (draft)"],
            await world.QueryAsync<string>(
                "select outcome || ' ' || coalesce(reason, '-') || ' ' || (details::jsonb->>'in_force') from audit.event where event = 'routes.changed' order by event_id"));

        async Task ReloadAsync() => await reload.SweepAsync(CancellationToken.None);
    }

    private static string Settings(string name, string when, string destination = "pacs") =>
        $$"""{ "HSENet": { {{Destination}}, "Routes": [ { "Name": "{{name}}", "When": "{{when}}", "Mode": "draft", "Destinations": [ "{{destination}}" ] } ] } }""";
}
