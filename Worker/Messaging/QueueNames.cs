namespace HSENet.Worker.Messaging;

/// <summary>
/// Names at the broker, in the virtual host of <c>HSENet:Queue:VirtualHost</c>. Each work queue has a fanout exchange of its own name (messages
/// are sent to the exchange), a dead-letter queue <c>NAME.dead</c>, and MassTransit's <c>NAME_error</c> and <c>NAME_skipped</c>.
/// </summary>
internal static class QueueNames
{
    public const string Stat = "hsenet.stat";

    public const string Routine = "hsenet.routine";

    /// <summary>Deliveries that end without an acknowledgement before a message goes to the dead-letter queue.</summary>
    public const int DeliveryLimit = 5;

    /// <summary>Looking at a dead letter counts as a delivery, and brokers from 4.0 on have a default limit of 20, after which it would be deleted.</summary>
    public const int LooksLimit = 1_000_000;

    /// <summary>From this priority of a job on it is STAT.</summary>
    public const short StatPriority = 2;

    /// <summary>The queues that work waits in, STAT first.</summary>
    public static IReadOnlyList<string> Work { get; } = [Stat, Routine];

    /// <summary>Where messages end that nobody could work on.</summary>
    public static IReadOnlyList<string> DeadLetters { get; } =
        [.. Work.SelectMany(name => (string[])[DeadOf(name), $"{name}_error", $"{name}_skipped"])];

    public static string Of(bool isStat) => isStat ? Stat : Routine;

    public static string DeadOf(string work) => $"{work}.dead";
}
