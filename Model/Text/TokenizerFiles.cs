using System.Text.Json;

namespace HSENet.Model.Text;

/// <summary>Reading of tokenizer files that others wrote: bounded in size, refused by name.</summary>
internal static class TokenizerFiles
{
    private const long MaxFileBytes = 256 << 20;

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: too large, cannot be read, or not JSON of the expected form.</exception>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(ReadBytes(path), s_options);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Broken(path, e.Message, e);
        }
    }

    /// <returns>The lines of a UTF-8 file, without their ends.</returns>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path)));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    public static HSENetModelException Broken(string path, string detail, Exception? inner = null) => new("tokenizer.format", $"{path}: {detail}.", inner);

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxFileBytes ? File.ReadAllBytes(path) : throw Broken(path, $"larger than {MaxFileBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e.Message, e);
        }
    }
}
