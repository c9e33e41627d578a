using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Attacks;

/// <summary>
/// The service with the demonstration model under attack, while a series arrives. Some seconds for each attack; <c>tests/run.sh --attacks
/// SECONDS</c> gives each as long as told.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AttackTests(ITestOutputHelper output)
{
    /// <summary>For each attack.</summary>
    public const string SecondsVariable = "HSENET_ATTACK_SECONDS";

    private const long MostMemory = 800L << 20;
    private const long MostGrowth = 64L << 20;
    private static readonly TimeSpan SlowestEcho = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Under_every_attack_a_series_arrives_echoes_are_answered_and_memory_is_bounded()
    {
        var length = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "5"));
        await using var hospital = await Hospital.OpenAsync();
        using var folder = new TempFolder("attack");
        var complaints = new List<string>();
        await AssertNothingIsLeftOfConnectionsAsync(hospital);
        for (var i = 0; i < Attack.All.Count; i++)
        {
            var attack = Attack.All[i];
            new CtSeriesBuilder { Identity = $"attack {i}" }.Write(folder.Folder($"{i}"));
            using var stop = new CancellationTokenSource(length);
            var attacking = attack.RunAsync(hospital.Port, stop.Token);
            var vitals = new Vitals(hospital.Port, hospital.Worker.Process.Id);
            await using (vitals)
            {
                await hospital.PushAsync(folder.Path($"{i}"));
                await attacking;
            }

            output.WriteLine($"{attack.Name}: {vitals}");
            if (vitals.SlowestEcho > SlowestEcho || vitals.MemoryAtMost > MostMemory)
                complaints.Add($"{attack.Name}: {vitals}");
        }

        Assert.Empty(complaints);
        await hospital.WaitForDeliveriesAsync(Attack.All.Count);
        Assert.Equal(Attack.All.Count, await hospital.Database.ScalarAsync<long>("select count(*) from series where state <> 'receiving'"));

        // of the refused requests: one row at once and one a minute for each address
        var refused = await hospital.Database.ScalarAsync<long>("select count(*) from audit.event where event = 'association.refused' and reason = 'association.called-ae'");
        Assert.InRange(refused, 1, 4 * (2 + (long)length.TotalMinutes));
        Assert.False(hospital.Worker.Process.HasExited);
    }

    /// <summary>10,000 connections that come and go.</summary>
    private async Task AssertNothingIsLeftOfConnectionsAsync(Hospital hospital)
    {
        await ComeAndGoAsync(hospital.Port, 10_000); // until caches and pools have their size
        var before = Vitals.Resident(hospital.Worker.Process.Id);
        await ComeAndGoAsync(hospital.Port, 10_000);
        var after = Vitals.Resident(hospital.Worker.Process.Id);
        output.WriteLine($"10,000 connections, closed at once: resident memory {before >> 20} MiB before, {after >> 20} MiB after");
        Assert.True(after - before < MostGrowth, $"{before} bytes before, {after} after");
    }

    private static Task ComeAndGoAsync(int port, int count) => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        await (await RawPeer.ConnectAsync(port, $"127.0.3.{1 + (i % 8)}")).DisposeAsync());
}
