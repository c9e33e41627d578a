using HSENet.Worker.Messaging;

namespace HSENet.Worker.Tests;

public sealed class PriorityGateTests
{
    [Fact]
    public async Task Stat_goes_first_and_within_a_class_the_order_of_arrival_holds()
    {
        var gate = new PriorityGate();
        var first = await gate.EnterAsync(isStat: false, CancellationToken.None);
        var order = new List<string>();
        var runs = new[] { "r1", "s1", "r2", "s2" }.Select(async name =>
        {
            using var permit = await gate.EnterAsync(name[0] == 's', CancellationToken.None);
            lock (order)
                order.Add(name);
        }).ToList();
        Assert.Empty(order);
        first.Dispose();
        await Task.WhenAll(runs);

        Assert.Equal(["s1", "s2", "r1", "r2"], order);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_keeps_nobody_waiting()
    {
        var gate = new PriorityGate();
        using var giveUp = new CancellationTokenSource();
        var first = await gate.EnterAsync(isStat: true, CancellationToken.None);
        var gone = gate.EnterAsync(isStat: true, giveUp.Token);
        var next = gate.EnterAsync(isStat: false, CancellationToken.None);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Dispose();
        first.Dispose();
        using (await next)
        {
            Assert.False(gate.EnterAsync(isStat: true, giveUp.Token).IsCompletedSuccessfully);
        }

        (await gate.EnterAsync(isStat: false, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task One_at_a_time_whatever_comes()
    {
        var gate = new PriorityGate();
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var giveUp = new CancellationTokenSource();
            var wait = gate.EnterAsync(i % 3 == 0, giveUp.Token);
            if (i % 7 == 0)
                await giveUp.CancelAsync();
            try
            {
                using var permit = await wait;
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(0, i % 7);
            }
        })));

        Assert.Equal(1, most);
        using var free = await gate.EnterAsync(isStat: false, CancellationToken.None);
    }
}
