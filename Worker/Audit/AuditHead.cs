using System.Text.Json;

namespace HSENet.Worker.Audit;

/// <summary>The end of the chain. Kept where the database's owner cannot write, it proves that nothing before it was taken away.</summary>
/// <param name="Seq">Number of seals; 0 for an empty chain.</param>
/// <param name="Hash">The last link, 64 hexadecimal digits; empty for an empty chain.</param>
internal sealed record AuditHead(long Seq, string Hash)
{
    public static AuditHead Empty { get; } = new(0, "");

    /// <summary>Reads the last line of a file: a JSON object with <c>seq</c> and <c>hash</c>, as <c>audit verify --write-head</c> writes it.</summary>
    /// <exception cref="WorkerException"><c>audit.head</c></exception>
    public static AuditHead Read(string file)
    {
        try
        {
            var line = File.ReadLines(file).LastOrDefault(l => !string.IsNullOrWhiteSpace(l)) ?? "";
            using var json = JsonDocument.Parse(line);
            var head = new AuditHead(json.RootElement.GetProperty("seq").GetInt64(), json.RootElement.GetProperty("hash").GetString() ?? "");
            return head.IsPlausible ? head : throw new FormatException();
        }
        catch (FileNotFoundException e)
        {
            throw new WorkerException("audit.head", $"there is no {file}; the first time leave out --head", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkerException("audit.head", $"{file} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkerException("audit.head", $"the last line of {file} is no head of the audit, as 'audit verify --write-head' writes it", e);
        }
    }

    private bool IsPlausible => Seq == 0 ? Hash.Length == 0 : Seq > 0 && Hash.Length == 64 && Hash.All(char.IsAsciiHexDigitLower);
}
