using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace HSENet.Worker.Messaging;

/// <summary>A message that nobody could work on.</summary>
internal sealed record DeadLetter
{
    private const int MaximumBodyBytes = 64 << 10;

    /// <summary>Where it is now.</summary>
    public required string Queue { get; init; }

    /// <summary>The sender's id of the message; of a foreign one without id a digest of its body.</summary>
    public required string Key { get; init; }

    /// <summary>The job that it names; null when its body cannot be read.</summary>
    public required Guid? JobId { get; init; }

    /// <summary><c>delivery_limit</c>, <c>rejected</c>, … as the broker says, or MassTransit's <c>fault</c> and <c>dead-letter</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Type of the exception behind a fault; null for none.</summary>
    public string? Exception { get; init; }

    /// <summary>By the broker's clock, in whole seconds; null when it does not say.</summary>
    public DateTimeOffset? DiedAt { get; init; }

    public static DeadLetter Read(string queue, BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers ?? new Dictionary<string, object?>();
        var death = (headers.TryGetValue("x-death", out var deaths) ? deaths as IList<object?> : null)?.OfType<IDictionary<string, object?>>().FirstOrDefault();
        var id = message.BasicProperties.MessageId;
        return new()
        {
            Queue = queue,
            Key = string.IsNullOrEmpty(id) ? Convert.ToHexStringLower(SHA256.HashData(message.Body.Span)) : Clean(id),
            JobId = JobOf(message.Body),
            Reason = Text(death, "reason") ?? Text(headers, "MT-Reason") ?? "unknown",
            Exception = Text(headers, "MT-Fault-ExceptionType"),
            DiedAt = Time(death),
        };
    }

    private static Guid? JobOf(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaximumBodyBytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("jobId", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var jobId)
                    ? jobId
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Time(IDictionary<string, object?>? death) =>
        death is not null && death.TryGetValue("time", out var value) && value is AmqpTimestamp { UnixTime: >= 0 and < 253402300800 } time
            ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)
            : null;

    private static string? Text(IDictionary<string, object?>? table, string name) =>
        table is not null && table.TryGetValue(name, out var value)
            ? value switch
            {
                byte[] bytes => Clean(Encoding.UTF8.GetString(bytes)),
                string text => Clean(text),
                IFormattable number => Clean(number.ToString(null, CultureInfo.InvariantCulture)),
                _ => null,
            }
            : null;

    /// <summary>Whatever a foreign sender wrote: a short line of plain characters.</summary>
    private static string Clean(string text) =>
        string.Concat(text.Take(200).Select(c => c is > ' ' and <= '~' ? c : '?'));
}
