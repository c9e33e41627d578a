using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using RabbitMQ.Client;

namespace HSENet.Worker.Messaging;

/// <summary>
/// Keeps a connection of its own to the broker, as a witness: tells once when it is lost and when it is back, and, in the gateway, looks after
/// dead letters.
/// </summary>
internal sealed class BrokerWatch(
    WorkerSettings settings, DeadLetterStore deadLetters, JobSignal jobs, TimeProvider time, ILogger<BrokerWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Dead letters are read when their number changed, and now and then.</summary>
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMinutes(5);

    private readonly bool _isGateway = settings.Has(WorkerRoles.Gateway);
    private long _lettersSeen;
    private long _readAt;
    private volatile string? _trouble;
    private volatile IReadOnlyDictionary<string, long> _depths = new Dictionary<string, long>();

    /// <summary>Messages that wait in each work queue, by the queue's name; empty before the first look and while the broker is away.</summary>
    public IReadOnlyDictionary<string, long> Depths => _depths;

    /// <summary>Code of what is wrong; null while the broker answers, and before the first try.</summary>
    public string? Trouble => _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IConnection? connection = null;
        var isTold = false;
        try
        {
            while (true)
            {
                try
                {
                    if (connection is not { IsOpen: true })
                    {
                        await CloseAsync(connection);
                        connection = null;
                        connection = await BrokerConnection.OpenAsync(settings.Queue, "watch", stoppingToken);
                        _trouble = null;
                        MessagingLog.BrokerUp(log, settings.Queue.Host, settings.Queue.Port);
                        isTold = false;
                        jobs.Signal.Pulse();
                    }

                    _depths = await DeadLetterQueues.DepthsAsync(connection, stoppingToken);
                    if (_isGateway)
                    {
                        await LookAtDeadLettersAsync(connection, stoppingToken);
                    }
                }
                catch (WorkerException e)
                {
                    if (!isTold || _trouble != e.Code)
                    {
                        MessagingLog.BrokerDown(log, e.Code, e.Message);
                    }

                    _trouble = e.Code;
                    _depths = new Dictionary<string, long>();
                    isTold = true;
                }
#pragma warning disable CA1031 // a witness that fails is a witness lost, not the service
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    // the connection broke while it was used (the next round tells), or the database is away
                    if (connection is { IsOpen: true })
                    {
                        MessagingLog.DeadLettersUnread(log, e.GetType().Name);
                    }
                }

                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    private async Task LookAtDeadLettersAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var count = await DeadLetterQueues.CountAsync(connection, cancellationToken);
        if (count == _lettersSeen && (count == 0 || time.GetElapsedTime(_readAt) < ReadAgain))
        {
            return;
        }

        await DeadLetterQueues.VisitAsync(
            connection,
            async letter =>
            {
                if (await deadLetters.RecordAsync(letter, cancellationToken))
                {
                    MessagingLog.DeadLetterFound(log, letter.JobId, letter.Queue, letter.Reason);
                }

                return false;
            },
            cancellationToken);
        _lettersSeen = count;
        _readAt = time.GetTimestamp();
    }

    private static async Task CloseAsync(IConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
