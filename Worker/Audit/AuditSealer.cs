using Dapper;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Audit;

/// <summary>
/// Seals committed audit rows every second. Every process has one, and the database lets one at a time: whoever comes second does nothing. Every
/// hour the head goes to the log, which is another place than the database.
/// </summary>
internal sealed partial class AuditSealer(Database database, TimeProvider time, SweepLoop loop, ILogger<AuditSealer> log) : BackgroundService
{
    private const int MostRows = 5000;
    private static readonly TimeSpan HeadPeriod = TimeSpan.FromHours(1);

    private long? _told;
    private long _toldSeq;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(
        "audit seals",
        new WakeSignal(),
        async token =>
        {
            var sealedCount = await SealAsync(token);
            await TellHeadAsync(token);
            return sealedCount == MostRows;
        },
        stoppingToken);

    /// <returns>Number of rows that were sealed; -1 when another session is at it.</returns>
    public async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(
            new CommandDefinition("select audit.seal_rows(@MostRows)", new { MostRows }, cancellationToken: cancellationToken));
    }

    private async Task TellHeadAsync(CancellationToken cancellationToken)
    {
        if (_told is { } told && time.GetElapsedTime(told) < HeadPeriod)
        {
            return;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        var (seq, chain) = await connection.QueryFirstOrDefaultAsync<(long, byte[])>(
            new CommandDefinition("select seq, chain from audit.seal order by seq desc limit 1", cancellationToken: cancellationToken));
        _told = time.GetTimestamp();
        if (seq > _toldSeq)
        {
            _toldSeq = seq;
            LogHead(log, seq, Convert.ToHexStringLower(chain));
        }
    }

    [LoggerMessage(EventIds.AuditHead, LogLevel.Information, "The audit's head is seal {Seq} {Hash}")]
    private static partial void LogHead(ILogger log, long seq, string hash);
}
