using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.Data.Loading;

public sealed class BatchLoaderTests
{
    [Fact]
    public void An_epoch_has_each_study_at_most_once_and_the_next_another_order()
    {
        var loader = new BatchLoader(new FakeData(23), new() { Batch = 5 });
        Assert.Equal(4, loader.BatchesPerEpoch);
        var (first, second) = (Values(loader, 0), Values(loader, 1));
        Assert.Equal(20, first.Distinct().Count());
        Assert.All(first, value => Assert.InRange(value, 0, 22));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, Values(new BatchLoader(new FakeData(23), new() { Batch = 5, Seed = 7 }), 0));
    }

    [Fact]
    public void Order_and_draws_do_not_depend_on_the_number_of_workers()
    {
        static TrainingCase Augment(TrainingCase item, Random random) => item with { Volume = [item.Volume[0], random.NextSingle()] };
        var one = Batches(new BatchLoader(new FakeData(60), new() { Batch = 4, Workers = 1 }, Augment), 3);
        var jitter = new FakeData(60, index => { if (index % 3 == 0) { Thread.Yield(); } });
        var many = Batches(new BatchLoader(jitter, new() { Batch = 4, Workers = 6, Ahead = 9 }, Augment), 3);
        Assert.Equal(one.SelectMany(batch => batch.Cases).SelectMany(item => item.Volume), many.SelectMany(batch => batch.Cases).SelectMany(item => item.Volume));
        Assert.True(one.SelectMany(batch => batch.Cases).Select(item => item.Volume[1]).Distinct().Count() > 50);
    }

    [Fact]
    public void An_epoch_resumes_from_any_batch()
    {
        var loader = new BatchLoader(new FakeData(50), new() { Batch = 7 }, (item, random) => item with { Volume = [item.Volume[0] + random.NextSingle()] });
        var whole = Values(loader, 2);
        for (var first = 0; first <= loader.BatchesPerEpoch; first++)
        {
            Assert.Equal(whole.Skip(first * 7), Values(loader, 2, first));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranks_share_each_batch_equally(bool keepsLast)
    {
        BatchLoader Of(int rank, int ranks) => new(new FakeData(45), new() { Batch = 6, Rank = rank, Ranks = ranks, KeepsLast = keepsLast });
        var whole = Batches(Of(0, 1), 4);
        for (var step = 0; step < Of(0, 2).BatchesPerEpoch; step++)
        {
            var shares = Enumerable.Range(0, 2).Select(rank => Batches(Of(rank, 2), 4)[step].Cases.Select(item => item.Volume[0]).ToList()).ToList();
            Assert.Equal(shares[0].Count, shares[1].Count);
            Assert.Equal(whole[step].Cases.Select(item => item.Volume[0]).Take(2 * shares[0].Count), [.. shares[0], .. shares[1]]);
        }
    }

    [Theory]
    [InlineData(45, 6, 1, 8, 3)]
    [InlineData(45, 6, 2, 8, 1)]
    [InlineData(43, 6, 2, 7, 3)]   // one study is left: no batch for two
    [InlineData(42, 6, 1, 7, 6)]
    [InlineData(4, 6, 1, 1, 4)]
    public void The_last_batch_is_kept_by_setting(int studies, int batch, int ranks, int batches, int lastCount)
    {
        var loader = new BatchLoader(new FakeData(studies), new() { Batch = batch, Ranks = ranks, KeepsLast = true });
        var read = Batches(loader, 0);
        Assert.Equal((batches, batches), (loader.BatchesPerEpoch, read.Count));
        Assert.Equal(lastCount, read[^1].Cases.Count);
    }

    [Fact]
    public void Without_shuffling_the_order_is_the_manifests() =>
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (float)i), Values(new BatchLoader(new FakeData(9), new() { Batch = 3, Shuffles = false }), 5));

    [Fact]
    public void A_study_that_cannot_be_read_is_told_and_not_replaced()
    {
        var data = new FakeData(12, index => { if (index == 5) { throw new TrainerException("data.unreadable", "case-5: gone"); } });
        var batches = Batches(new BatchLoader(data, new() { Batch = 4 }), 0);
        Assert.Equal(11, batches.Sum(batch => batch.Cases.Count));
        var bad = Assert.Single(batches.SelectMany(batch => batch.Bad));
        Assert.Equal(("case-5", "data.unreadable"), (bad.Name, bad.Code));
        Assert.Equal(3, batches.Single(batch => batch.Bad.Count > 0).Cases.Count);
    }

    [Fact]
    public void A_fault_of_another_kind_ends_the_run()
    {
        var data = new FakeData(12, index => { if (index == 5) { throw new InvalidOperationException("a bug"); } });
        Assert.Throws<InvalidOperationException>(() => Batches(new BatchLoader(data, new() { Batch = 4 }), 0));
    }

    [Fact]
    public async Task Reading_ahead_is_bounded()
    {
        var data = new FakeData(1000);
        using var epoch = new BatchLoader(data, new() { Batch = 10, Ahead = 3, Workers = 4 }).Epoch(0, 0, TestContext.Current.CancellationToken).GetEnumerator();
        Assert.True(epoch.MoveNext());
        await Until.TrueAsync(() => data.Loads >= 40, TimeSpan.FromMinutes(1), "the batches ahead are read");
        Assert.InRange(data.Loads, 40, 41);   // the batch in hand, three ahead, one slot that waits for room
        Assert.True(epoch.MoveNext());
        await Until.TrueAsync(() => data.Loads >= 50, TimeSpan.FromMinutes(1), "the next one is read");
        Assert.InRange(data.Loads, 50, 51);
    }

    [Fact]
    public async Task A_cancellation_ends_the_reading_at_once_even_while_studies_are_being_read()
    {
        using var stop = new CancellationTokenSource();
        using var hold = new ManualResetEventSlim();
        var data = new FakeData(100, _ => hold.Wait(TimeSpan.FromMinutes(2)));
        var reading = Task.Run(() => new BatchLoader(data, new() { Batch = 4, Workers = 2 }).Epoch(0, 0, stop.Token).First());
        await Until.TrueAsync(() => data.Loads == 2, TimeSpan.FromMinutes(1), "both workers are busy");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromMinutes(1)));
        hold.Set();
        Assert.Equal(2, data.Loads);
    }

    [Fact]
    public async Task Leaving_the_enumeration_ends_the_reading()
    {
        var data = new FakeData(1000);
        foreach (var _ in new BatchLoader(data, new() { Batch = 2, Ahead = 2, Workers = 2 }).Epoch(0, 0, TestContext.Current.CancellationToken))
        {
            break;
        }

        var loads = data.Loads;
        await Task.Yield();
        Assert.InRange(data.Loads, loads, 12);
    }

    [Theory]
    [InlineData(0, 1, 0, 2)]
    [InlineData(4, 2, 2, 2)]
    [InlineData(5, 2, 0, 2)]
    [InlineData(4, 1, 0, 0)]
    public void Settings_out_of_range_are_told(int batch, int ranks, int rank, int workers) => Assert.Equal(
        "settings.range",
        Assert.Throws<TrainerException>(() => new BatchLoader(new FakeData(20), new() { Batch = batch, Ranks = ranks, Rank = rank, Workers = workers })).Code);

    [Fact]
    public void Too_few_studies_for_a_batch_are_told() =>
        Assert.Equal("data.few", Assert.Throws<TrainerException>(() => new BatchLoader(new FakeData(3), new() { Batch = 4 })).Code);

    private static List<TrainingBatch> Batches(IBatchSource loader, int epoch, int first = 0) => [.. loader.Epoch(epoch, first, TestContext.Current.CancellationToken)];

    private static List<float> Values(IBatchSource loader, int epoch, int first = 0) => [.. Batches(loader, epoch, first).SelectMany(batch => batch.Cases).Select(item => item.Volume[0])];
}
