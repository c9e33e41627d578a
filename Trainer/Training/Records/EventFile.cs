using System.Buffers.Binary;
using System.Globalization;

namespace HSENet.Trainer.Training.Records;

/// <summary>
/// A TensorBoard event file: TFRecord framing (length, masked CRC-32C of the length, data, masked CRC-32C of the data) around <c>tensorflow.Event</c>
/// messages with simple values. Each record is flushed, so that a viewer sees a run that goes on.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string FormatVersion = "brain.Event:2";
    private const int SessionStart = 1;

    private readonly FileStream _stream;
    private readonly TimeProvider _time;

    /// <param name="directory">Is made; the file is a new one.</param>
    /// <param name="step">Steps done before: a viewer drops later ones of a run that was resumed.</param>
    /// <param name="time">For the events' times.</param>
    public EventFile(string directory, long step, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(directory);
        _stream = Create(directory, time.GetUtcNow().ToUnixTimeSeconds());
        Write(Event(step).Text(3, FormatVersion));
        Write(Event(step).Message(7, new ProtobufWriter().Integer(1, SessionStart)));
    }

    public string Path => _stream.Name;

    /// <param name="step">Steps done.</param>
    /// <param name="values">By tag, for example <c>loss/contrastive</c>.</param>
    public void Scalars(long step, IEnumerable<KeyValuePair<string, double>> values)
    {
        var summary = new ProtobufWriter();
        foreach (var (tag, value) in values)
        {
            summary.Message(1, new ProtobufWriter().Text(1, tag).Float(2, (float)value));
        }

        Write(Event(step).Message(5, summary));
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream Create(string directory, long seconds)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.hsenet.{attempt}");
                return new FileStream(System.IO.Path.Combine(directory, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (attempt < 100)
            {
                // a run that was resumed within the second
            }
        }
    }

    private ProtobufWriter Event(long step) => new ProtobufWriter().Double(1, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds).Integer(2, step);

    private void Write(ProtobufWriter record)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)record.Written.Length);
        _stream.Write(length);
        WriteChecksum(length);
        _stream.Write(record.Written);
        WriteChecksum(record.Written);
        _stream.Flush();
    }

    private void WriteChecksum(ReadOnlySpan<byte> bytes)
    {
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Masked(bytes));
        _stream.Write(checksum);
    }
}
