using HSENet.Faults.Node;
using HSENet.Faults.Site;

namespace HSENet.Faults;

/// <summary>One repetition of a case: its dice, its moment, and what it tells of it.</summary>
internal sealed class FaultMoment
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly FaultSite _site;
    private readonly Scanner _scanner;
    private readonly int _seriesCount;
    private readonly int _instanceCount;
    private readonly Dictionary<Stage, int> _before;

    public FaultMoment(FaultSite site, Scanner scanner, IReadOnlyList<SentSeries> series, Random dice, int repetition)
    {
        (_site, _scanner, Series, Dice, Repetition) = (site, scanner, series, dice, repetition);
        (_seriesCount, _instanceCount) = (series.Count, series.Sum(s => s.Builder.SliceCount));
        _before = Enum.GetValues<Stage>().ToDictionary(stage => stage, Count);
    }

    /// <summary>What is sent while it goes wrong.</summary>
    public IReadOnlyList<SentSeries> Series { get; }

    public Random Dice { get; }

    /// <summary>From 0.</summary>
    public int Repetition { get; }

    /// <summary>What happened, for the log.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Waits for a moment that the dice choose within a stage.</summary>
    public async Task WaitAsync(Stage stage)
    {
        var (steps, pause) = stage switch
        {
            Stage.Receive => (Dice.Next(_instanceCount), Dice.Next(8)),
            Stage.Publish => (Dice.Next(_seriesCount), Dice.Next((int)(2.2 * FaultNode.PublishTime.TotalMilliseconds))),
            Stage.Inference => (Dice.Next(_seriesCount), Dice.Next((int)(1.1 * FaultNode.ModelTime.TotalMilliseconds))),
            _ => (Dice.Next(_seriesCount), Dice.Next((int)(1.2 * _site.Pacs.Pause.TotalMilliseconds))),
        };
        var wanted = _before[stage] + steps + (stage == Stage.Receive ? 0 : 1);
        var began = TimeProvider.System.GetTimestamp();
        while (Count(stage) < wanted)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
                throw new FaultException($"the stage {stage} does not come: {await _site.StatesAsync()}\n{_site.Tails()}");
            await Task.Delay(Look);
        }

        await Task.Delay(pause);
        Tell($"at {stage} {steps + 1} + {pause} ms ({_scanner.StoredCount} of {_instanceCount} instances answered 0000)");
    }

    /// <summary>A pause that the dice choose.</summary>
    public Task PauseAsync(int fromMs, int toMs)
    {
        var pause = Dice.Next(fromMs, toMs);
        Tell($"for {pause} ms");
        return Task.Delay(pause);
    }

    /// <summary>The sender sends a series from its beginning, whatever was answered before.</summary>
    public async Task SendAgainAsync(SentSeries series)
    {
        await _scanner.SendAsync(new SentSeries(series.Builder.Identity));
        Tell("sent again");
    }

    public void Tell(string what) => Story.Add(what);

    private int Count(Stage stage) => stage switch
    {
        Stage.Receive => _scanner.StoredCount,
        Stage.Publish => _site.Gateways.Sum(g => g.Count(NodeMark.Publishing)),
        Stage.Inference => _site.Workers.Sum(w => w.Count(NodeMark.Inferring)),
        _ => _site.Pacs.Arrivals,
    };
}
