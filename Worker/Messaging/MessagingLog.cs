using HSENet.Worker.Observability;

namespace HSENet.Worker.Messaging;

/// <summary>What an operator is told of the broker: each trouble once, with its code, and its end.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(EventIds.BrokerDown, LogLevel.Error, "{Code}: {Detail}; tried again every few seconds, jobs wait in the database")]
    public static partial void BrokerDown(ILogger log, string code, string detail);

    [LoggerMessage(EventIds.BrokerUp, LogLevel.Information, "The broker at {Host}:{Port} answers")]
    public static partial void BrokerUp(ILogger log, string host, int port);

    [LoggerMessage(EventIds.QueueTrouble, LogLevel.Warning, "{Code}: {Detail}")]
    public static partial void QueueTrouble(ILogger log, string code, string detail);

    [LoggerMessage(EventIds.QueueWorks, LogLevel.Information, "The queue takes jobs again")]
    public static partial void QueueWorks(ILogger log);

    [LoggerMessage(EventIds.QueueWrong, LogLevel.Error, "{Code}: {Detail}; looked at every few seconds, jobs wait in the database")]
    public static partial void QueueWrong(ILogger log, string code, string detail);

    [LoggerMessage(EventIds.QueueRight, LogLevel.Information, "No queue of the broker stands in the way any more")]
    public static partial void QueueRight(ILogger log);

    [LoggerMessage(EventIds.DeadLetterFound, LogLevel.Error,
        "queue.dead-letter: a message of job {JobId} ended in {Queue} ({Reason}); the job is dead: see 'jobs dead-letters'")]
    public static partial void DeadLetterFound(ILogger log, Guid? jobId, string queue, string reason);

    [LoggerMessage(EventIds.DeadLettersUnread, LogLevel.Warning, "queue.dead-letter: the dead-letter queues could not be read ({Exception})")]
    public static partial void DeadLettersUnread(ILogger log, string exception);

    [LoggerMessage(EventIds.ConsumerRestarted, LogLevel.Warning, "queue.consumer: nobody here takes jobs from {Queue} ({Reason}); attached anew")]
    public static partial void ConsumerRestarted(ILogger log, string queue, string reason);

    [LoggerMessage(EventIds.ConsumerNotRestarted, LogLevel.Error, "queue.consumer: the consumer of {Queue} could not be attached ({Exception}); tried again in seconds")]
    public static partial void ConsumerNotRestarted(ILogger log, string queue, string exception);
}
