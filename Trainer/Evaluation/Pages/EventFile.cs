using System.Buffers.Binary;
using System.Text;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>
/// Reads the scalars of TensorBoard's event files: TFRecords (length, its checksum, data, checksum) of protobuf messages Event {1 wall_time, 2 step,
/// 5 summary {1 value {1 tag, 2 simple_value}}}. Checksums are not looked at; a file that a running process still writes ends where it ends.
/// </summary>
internal static class EventFile
{
    private const int LongestRecord = 64 << 20;
    private const int LengthBytes = 12;   // eight of the length, four of its checksum
    private const int ChecksumBytes = 4;
    private const string Pattern = "*tfevents*";

    /// <param name="directory">A run; its subfolders count.</param>
    /// <returns>By tag; of two values for a step the later one counts.</returns>
    /// <exception cref="TrainerException"><c>evaluate.run</c>: no event file, or one that is none.</exception>
    public static IReadOnlyList<Curve> ReadAll(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new TrainerException("evaluate.run", $"{directory}: no such folder.");
        }

        var values = new SortedDictionary<string, SortedDictionary<long, double>>(StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(directory, Pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        foreach (var path in files)
        {
            foreach (var (tag, step, value) in Read(path))
            {
                (values.TryGetValue(tag, out var curve) ? curve : values[tag] = [])[step] = value;
            }
        }

        return files.Length > 0
            ? [.. values.Select(item => new Curve(item.Key, [.. item.Value.Where(point => double.IsFinite(point.Value)).Select(point => (point.Key, point.Value))])).Where(curve => curve.Points.Count > 0)]
            : throw new TrainerException("evaluate.run", $"{directory} has no event files of TensorBoard.");
    }

    private static IEnumerable<(string Tag, long Step, double Value)> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var head = new byte[LengthBytes];
        while (stream.ReadAtLeast(head, LengthBytes, throwOnEndOfStream: false) == LengthBytes)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
            if (length > LongestRecord)
            {
                throw new TrainerException("evaluate.run", $"{path} is no event file of TensorBoard: a record of {length} bytes.");
            }

            var record = new byte[(int)length + ChecksumBytes];
            if (stream.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) < record.Length)
            {
                yield break;
            }

            foreach (var item in Scalars(path, record.AsSpan(0, (int)length)))
            {
                yield return item;
            }
        }
    }

    private static List<(string Tag, long Step, double Value)> Scalars(string path, ReadOnlySpan<byte> message)
    {
        var (found, step) = (new List<(string Tag, double Value)>(), 0L);
        try
        {
            foreach (var (field, number, bytes) in Fields(message))
            {
                step = field == 2 ? number : step;
                if (field == 5)
                {
                    found.AddRange(Fields(bytes).Where(value => value.Field == 1).Select(value => Scalar(value.Bytes)).OfType<(string, double)>());
                }
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidDataException)
        {
            throw new TrainerException("evaluate.run", $"{path} is no event file of TensorBoard: {e.Message}", e);
        }

        return [.. found.Select(item => (item.Tag, step, item.Value))];
    }

    private static (string Tag, double Value)? Scalar(byte[] message)
    {
        var (tag, value) = ((string?)null, (double?)null);
        foreach (var (field, number, bytes) in Fields(message))
        {
            tag = field == 1 ? Encoding.UTF8.GetString(bytes) : tag;
            value = field == 2 ? BitConverter.Int32BitsToSingle((int)number) : value;
        }

        return tag is not null && value is { } found ? (tag, found) : null;
    }

    /// <summary>The fields of a protobuf message: numbers as they are, strings and messages as bytes.</summary>
    private static List<(int Field, long Number, byte[] Bytes)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, long, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add((field, Varint(message, ref at), []));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadInt64LittleEndian(message.Slice(at, 8)), []));
                    at += 8;
                    break;
                case 2:
                    var length = Varint(message, ref at);
                    fields.Add((field, 0, message.Slice(at, checked((int)Math.Min(length, int.MaxValue))).ToArray()));
                    at += (int)length;
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadInt32LittleEndian(message.Slice(at, 4)), []));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"a field of the unknown type {key & 7}.");
            }
        }

        return fields;
    }

    private static long Varint(ReadOnlySpan<byte> message, ref int at)
    {
        long value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = message.Slice(at++, 1)[0];
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of more than ten bytes.");
    }
}
