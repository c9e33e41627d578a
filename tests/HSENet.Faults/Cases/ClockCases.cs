using HSENet.Faults.Site;

namespace HSENet.Faults.Cases;

/// <summary>Wall clocks that are set, forwards and back, by seconds and by hours.</summary>
internal static class ClockCases
{
    private static readonly SiteShape Servers = new() { IsClockFaked = true };
    private static readonly SiteShape Faked = Servers with { IsServiceClockFaked = true };
    private static readonly string? Missing = FaultClock.IsAvailable ? null : "needs libfaketime (deploy/dev/up.sh tools)";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("clock-database", Servers, (site, moment) => StepAsync(site, moment, isDatabase: true, isService: false)) { Impossible = Missing },
        new("clock-service", Faked, (site, moment) => StepAsync(site, moment, isDatabase: false, isService: true)) { Impossible = Missing },
        new("clock-both", Faked, (site, moment) => StepAsync(site, moment, isDatabase: true, isService: true)) { Impossible = Missing },
    ];

    private static async Task StepAsync(FaultSite site, FaultMoment moment, bool isDatabase, bool isService)
    {
        for (var step = 0; step < 2; step++)
        {
            await moment.WaitAsync((Stage)moment.Dice.Next(4));
            var seconds = moment.Dice.Next(2) == 0 ? moment.Dice.Next(-4, 5) : moment.Dice.Next(-180, 181) * 60;
            moment.Tell($"clock at {seconds:+0;-0;0} s");
            if (isDatabase)
                site.Servers.Clock.Set(TimeSpan.FromSeconds(seconds));
            if (isService)
                site.Clock.Set(TimeSpan.FromSeconds(seconds));
        }
    }
}
