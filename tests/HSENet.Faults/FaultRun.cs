using System.Diagnostics;
using HSENet.Faults.Site;

namespace HSENet.Faults;

/// <summary>Runs cases and compares the sender's ledger with what the PACS holds.</summary>
internal static class FaultRun
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <returns>Nothing was lost or doubled.</returns>
    public static async Task<bool> RunAsync(FaultOptions options)
    {
        Console.WriteLine($"seed {options.Seed}, {options.Times} times, {options.Series} series each");
        var tallies = new List<Tally>();
        foreach (var group in options.Cases.GroupBy(c => c.Shape.IsClockFaked))
        {
            await using var servers = await FaultServers.StartAsync(group.Key);
            foreach (var cases in group.GroupBy(c => c.Shape))
                await RunAsync(servers, [.. cases], options, tallies);
        }

        var table = $"{Tally.Header}\n{string.Join('\n', tallies)}";
        Console.WriteLine(table);
        if (options.Out is { } file)
            await File.WriteAllTextAsync(file, table + "\n");
        return tallies.All(t => t.IsClean && (t.Skipped is not null || t.Times == options.Times));
    }

    /// <summary>Cases that need the same site, on one site as long as nothing is wrong with it.</summary>
    private static async Task RunAsync(FaultServers servers, IReadOnlyList<FaultCase> cases, FaultOptions options, List<Tally> tallies)
    {
        FaultSite? site = null;
        try
        {
            foreach (var faultCase in cases)
            {
                var tally = new Tally(faultCase.Name, options.Seed) { Skipped = faultCase.Impossible };
                tallies.Add(tally);
                if (faultCase.Impossible is null)
                {
                    site ??= await FaultSite.OpenAsync(servers, faultCase.Shape);
                    await RepeatAsync(site, faultCase, options, tally);
                }

                Console.WriteLine(tally);
                if (site is not null && (!tally.IsClean || tally.Times < options.Times))
                {
                    await site.DisposeAsync();
                    site = null;
                }
            }
        }
        finally
        {
            if (site is not null)
                await site.DisposeAsync();
        }
    }

    private static async Task RepeatAsync(FaultSite site, FaultCase faultCase, FaultOptions options, Tally tally)
    {
        var clock = Stopwatch.StartNew();
        var all = new List<SentSeries>();
        for (var repetition = 0; repetition < options.Times; repetition++)
        {
            var dice = new Random(HashCode(options.Seed, faultCase.Name, repetition));
            var series = Enumerable.Range(0, options.Series).Select(i => new SentSeries($"{faultCase.Name}-{options.Seed}-{repetition}-{i}")).ToList();
            all.AddRange(series);
            var scanner = site.NewScanner();
            var moment = new FaultMoment(site, scanner, series, dice, repetition);
            try
            {
                var wait = await OnceAsync(site, faultCase, series, scanner, moment);
                tally.Longest = wait > tally.Longest ? wait : tally.Longest;
                Console.WriteLine($"{faultCase.Name} {repetition + 1}: {string.Join(", ", moment.Story)}; last report after {wait.TotalSeconds:0.0} s");
                tally.Times++;
            }
#pragma warning disable CA1031 // whatever it was, the case has failed and the next one is tried
            catch (Exception e)
#pragma warning restore CA1031
            {
                Console.WriteLine($"FAILED {faultCase.Name} {repetition + 1}: {string.Join(", ", moment.Story)}: {e.GetType().Name} {e.Message}\n{await site.StatesAsync()}\n{site.Tails()}");
                break;
            }
        }

        Count(site, faultCase, all, tally);
        tally.Took = clock.Elapsed;
    }

    private static async Task<TimeSpan> OnceAsync(FaultSite site, FaultCase faultCase, List<SentSeries> series, Scanner scanner, FaultMoment moment)
    {
        var inflicting = faultCase.InflictAsync(site, moment);
        var sending = Parallel.ForEachAsync(series, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (s, _) => await scanner.SendAsync(s));
        await Task.WhenAll(inflicting, sending);
        var clock = Stopwatch.StartNew();
        var studies = series.Select(s => s.Builder.StudyUid).ToHashSet();
        while (!studies.IsSubsetOf(site.Pacs.Held.Select(r => r.StudyUid)))
        {
            if (clock.Elapsed > Deadline)
                throw new FaultException($"reports are missing after {Deadline.TotalMinutes} min");
            await Task.Delay(Look);
        }

        var wait = clock.Elapsed;
        if (faultCase.VerifyAsync is { } verify)
            await verify(site, studies);
        return wait;
    }

    /// <summary>The ledger of the sender against the PACS.</summary>
    private static void Count(FaultSite site, FaultCase faultCase, List<SentSeries> all, Tally tally)
    {
        var held = site.Pacs.Held.ToLookup(r => r.StudyUid);
        foreach (var series in all)
        {
            tally.Series++;
            tally.Answered += series.StoredCount;
            tally.Refused += series.OtherAnswers.Count;
            var reports = held[series.Builder.StudyUid].ToList();
            if (reports.Count == 0 && series.IsComplete)
            {
                tally.Lost++;
                Console.WriteLine($"LOST {series.Builder.Identity}");
            }
            else if (reports.Count > 0)
            {
                tally.SentAgain += reports.Count - 1;
                var expected = Enumerable.Range(0, series.Builder.SliceCount).Select(series.Builder.SliceUid).Order(StringComparer.Ordinal);
                if (reports.Distinct(OneReport).Count() > 1 || (reports[0].IsPartial && !faultCase.MayBePartial) || !reports[0].Slices.Order(StringComparer.Ordinal).SequenceEqual(expected))
                {
                    tally.Wrong++;
                    Console.WriteLine($"WRONG {series.Builder.Identity}: {string.Join(", ", reports.Select(r => $"{r.SopInstanceUid} of {r.Slices.Count} slices{(r.IsPartial ? ", partial" : "")}"))}");
                }
            }
        }
    }

    private static readonly EqualityComparer<HeldReport> OneReport = EqualityComparer<HeldReport>.Create(
        (a, b) => a!.SopInstanceUid == b!.SopInstanceUid && a.Digest == b.Digest, r => r.SopInstanceUid.GetHashCode(StringComparison.Ordinal));

    /// <summary>The same on every machine and in every process.</summary>
    private static int HashCode(int seed, string name, int repetition) =>
        name.Aggregate((seed * 31) + repetition, (hash, c) => unchecked((hash * 31) + c)) & int.MaxValue;
}
