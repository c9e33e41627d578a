using HSENet.Worker.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HSENet.Worker.Tests;

public sealed class KeptOutcomeTests
{
    private readonly KeptOutcome _kept = new(TimeProvider.System, NullLogger<KeptOutcome>.Instance);

    [Fact]
    public async Task What_cannot_be_written_while_the_database_is_away_is_written_when_it_is_back()
    {
        Queue<Exception> away = new([new NpgsqlException("no connection"), Error("57P01"), Error("57P03"), Error("25006"), Error("3D000"), new TimeoutException()]);
        Assert.Equal(7, await _kept.WriteAsync("draft", Guid.NewGuid(), () => away.TryDequeue(out var e) ? throw e : Task.FromResult(7), CancellationToken.None));
        Assert.Empty(away);
    }

    [Theory]
    [InlineData("23505")]
    [InlineData("42703")]
    public async Task What_is_wrong_with_the_outcome_itself_is_thrown_at_once(string state)
    {
        var calls = 0;
        await Assert.ThrowsAsync<PostgresException>(() => _kept.WriteAsync<int>(
            "draft",
            Guid.NewGuid(),
            () =>
            {
                calls++;
                throw Error(state);
            },
            CancellationToken.None));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_statement_that_the_server_cancels_is_tried_again_but_not_for_ever()
    {
        Queue<Exception> passing = new([Error("57014"), Error("57014")]);
        Assert.Equal(7, await _kept.WriteAsync(
            "draft", Guid.NewGuid(), () => passing.TryDequeue(out var e) ? throw e : Task.FromResult(7), CancellationToken.None));

        var calls = 0;
        var always = _kept.WriteAsync<int>(
            "draft",
            Guid.NewGuid(),
            () =>
            {
                calls++;
                throw Error("57014");
            },
            CancellationToken.None);
        Assert.Equal("57014", (await Assert.ThrowsAsync<PostgresException>(() => always.WaitAsync(TimeSpan.FromSeconds(30)))).SqlState);
        Assert.Equal(5, calls);
        Assert.False(DatabaseAway.Is(Error("57014"))); // nor is the job given back without counting the attempt
    }

    [Fact]
    public async Task A_host_that_stops_tries_once_more_and_gives_up()
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;
        await Assert.ThrowsAsync<NpgsqlException>(() => _kept.WriteAsync<int>(
            "draft",
            Guid.NewGuid(),
            () =>
            {
                if (++calls == 2)
                    stop.Cancel();
                throw new NpgsqlException("no connection");
            },
            stop.Token));
        Assert.InRange(calls, 2, 3);
    }

    private static PostgresException Error(string state) => new("text", "ERROR", "ERROR", state);
}
