using HSENet.Worker.Messaging;
using RabbitMQ.Client;

namespace HSENet.Worker.Operating;

/// <param name="Letter">The message.</param>
/// <param name="JobState">State of its job now; null when it names none that is known.</param>
/// <param name="Outcome"><c>waiting</c> (listed), <c>replayed</c>, <c>removed</c> (its job needs no message any more) or <c>kept</c> (names no known job).</param>
internal sealed record DeadLetterLine(DeadLetter Letter, string? JobState, string Outcome);

/// <summary>
/// Lists and replays dead letters. The job's row is the truth, so a replay makes the row ready again, in the operator's name, and the gateway
/// sends a new message; the dead one is removed when that is committed. Stopped in between, the letter is seen again and found done.
/// </summary>
internal sealed class OperatorDeadLetters(OperatorJobStore jobs)
{
    private static readonly string[] Waiting = ["dead", "queued", "ready"];

    public async Task<IReadOnlyList<DeadLetterLine>> VisitAsync(IConnection connection, bool isReplay, CancellationToken cancellationToken)
    {
        var lines = new List<DeadLetterLine>();
        await DeadLetterQueues.VisitAsync(
            connection,
            async letter =>
            {
                var line = await ReadAsync(letter, isReplay, cancellationToken);
                lines.Add(line);
                return line.Outcome is "replayed" or "removed";
            },
            cancellationToken);
        return lines;
    }

    private async Task<DeadLetterLine> ReadAsync(DeadLetter letter, bool isReplay, CancellationToken cancellationToken)
    {
        if (letter.JobId is not { } jobId || await jobs.StateAsync(jobId, cancellationToken) is not { } state)
        {
            return new(letter, null, isReplay ? "kept" : "waiting");
        }

        if (!isReplay)
        {
            return new(letter, state, "waiting");
        }

        return await jobs.TryRetryAsync(jobId, Waiting, "operator.replay", cancellationToken)
            ? new(letter, "ready", "replayed")
            : new(letter, state, "removed");
    }
}
