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
    private volatile BrokerTrouble? _trouble;
    private volatile IReadOnlyList<QueueLook> _queues = [];
    private long _lookedAt;

    /// <summary>Messages that wait in each work queue, by the queue's name; empty before the first look and while the broker is away.</summary>
    public IReadOnlyDictionary<string, long> Depths => _queues.Where(q => q.Exists && QueueNames.Work.Contains(q.Name)).ToDictionary(q => q.Name, q => q.Messages);

    /// <summary>What the last look saw of the queues; empty before it and while the broker is away.</summary>
    public IReadOnlyList<QueueLook> Queues => _queues;

    /// <summary>How long ago the last look began. Read before <see cref="Queues"/> it is never too short.</summary>
    public TimeSpan LookAge => time.GetElapsedTime(Interlocked.Read(ref _lookedAt));

    /// <summary>What is wrong; null while the broker answers and its queues are ours, and before the first try.</summary>
    public BrokerTrouble? Trouble => _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IConnection? connection = null;
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
                        MessagingLog.BrokerUp(log, settings.Queue.Host, settings.Queue.Port);
                        if (_trouble is { IsOfQueue: false })
                        {
                            _trouble = null;
                        }

                        jobs.Signal.Pulse();
                    }

                    await LookAtQueuesAsync(connection, stoppingToken);
                    if (_isGateway)
                    {
                        await LookAtDeadLettersAsync(connection, stoppingToken);
                    }
                }
                catch (WorkerException e)
                {
                    if (_trouble?.Code != e.Code)
                    {
                        MessagingLog.BrokerDown(log, e.Code, e.Message);
                    }

                    _trouble = new BrokerTrouble(e.Code, e.Message, IsOfQueue: false);
                    _queues = [];
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

    /// <summary>A queue that is not ours stops the work as a broker that is away does: told once, and its end.</summary>
    private async Task LookAtQueuesAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var looks = await QueueTopology.LookAsync(connection, cancellationToken);
        var wrong = looks.FirstOrDefault(q => q.Trouble is not null);
        if (wrong is not null && (_trouble?.Code, _trouble?.Detail) != (wrong.Trouble, wrong.Detail))
        {
            MessagingLog.QueueWrong(log, wrong.Trouble!, wrong.Detail!);
        }
        else if (wrong is null && _trouble is { IsOfQueue: true })
        {
            MessagingLog.QueueRight(log);
            jobs.Signal.Pulse();
        }

        _trouble = wrong is null ? null : new BrokerTrouble(wrong.Trouble!, wrong.Detail!, IsOfQueue: true);
        _queues = looks;
        Interlocked.Exchange(ref _lookedAt, began);
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
