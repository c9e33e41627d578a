using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>
/// Predictions as JSON Lines, each written through as soon as it is made. A line that a stop cut short is taken off when the file is opened again.
/// </summary>
/// <typeparam name="T">A record of a line.</typeparam>
internal sealed class PredictionFile<T> : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly FileStream _stream;
    private readonly Dictionary<string, T> _byKey = new(StringComparer.Ordinal);
    private readonly Func<T, string> _key;

    private PredictionFile(FileStream stream, Func<T, string> key) => (_stream, _key) = (stream, key);

    /// <param name="path">New or begun.</param>
    /// <param name="key">What a line is the prediction for; of two lines the later one counts.</param>
    /// <exception cref="TrainerException"><c>evaluate.predictions</c>: a whole line is not a prediction; it is named.</exception>
    public static PredictionFile<T> Open(string path, Func<T, string> key)
    {
        var file = new PredictionFile<T>(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), key);
        try
        {
            file.ReadAll(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public T? Find(string key) => _byKey.GetValueOrDefault(key);

    public void Append(T prediction)
    {
        _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(prediction, s_json), (byte)'\n']);
        _stream.Flush();
        _byKey[_key(prediction)] = prediction;
    }

    public void Dispose() => _stream.Dispose();

    private void ReadAll(string path)
    {
        var bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        var (start, number) = (0, 0);
        while (bytes.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0)
        {
            number++;
            var prediction = Parse(bytes.AsSpan(start, length))
                ?? throw new TrainerException("evaluate.predictions", $"{path} line {number} is damaged: take it out, its item is done again.");
            _byKey[_key(prediction)] = prediction;
            start += length + 1;
        }

        _stream.SetLength(start);
        _stream.Position = start;
    }

    private static T? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Encoding.UTF8.GetString(line), s_json);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
