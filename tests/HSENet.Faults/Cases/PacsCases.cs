using HSENet.Faults.Site;

namespace HSENet.Faults.Cases;

/// <summary>A PACS that does not take reports as it should.</summary>
internal static class PacsCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        InMood("pacs-refusing", PacsMode.Reject),
        InMood("pacs-failing", PacsMode.OutOfResources),
        InMood("pacs-aborting", PacsMode.AbortBefore),
        InMood("pacs-aborting-late", PacsMode.AbortAfter),
        InMood("pacs-slow", PacsMode.Slow),
        new("pacs-gone", new SiteShape(), GoneAsync),
    ];

    private static FaultCase InMood(string name, PacsMode mode) => new(name, new SiteShape(), async (site, moment) =>
    {
        if (moment.Dice.Next(2) == 0)
            await moment.WaitAsync(Stage.Inference); // else from the first report on
        site.Pacs.Mode = mode;
        await moment.WaitAsync(Stage.Inference);
        await moment.PauseAsync(500, 4000);
        site.Pacs.Mode = PacsMode.Keep;
    });

    private static async Task GoneAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(moment.Dice.Next(2) == 0 ? Stage.Inference : Stage.Delivery);
        site.Pacs.Close();
        await moment.PauseAsync(500, 4000);
        site.Pacs.Open();
    }
}
