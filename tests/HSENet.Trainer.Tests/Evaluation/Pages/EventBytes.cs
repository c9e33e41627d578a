using System.Buffers.Binary;
using System.Text;

namespace HSENet.Trainer.Tests.Evaluation.Pages;

/// <summary>Event files of TensorBoard, byte by byte; checksums are zero.</summary>
internal static class EventBytes
{
    public static void Write(string path, IReadOnlyList<(string Tag, long Step, float Value)> scalars)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        foreach (var record in scalars.Select(Event).Prepend([.. Field(1, 1, BitConverter.GetBytes(1.0)), .. Text(3, "brain.Event:2")]))
        {
            var head = new byte[12];
            BinaryPrimitives.WriteInt64LittleEndian(head, record.Length);
            file.Write([.. head, .. record, 0, 0, 0, 0]);
        }
    }

    private static byte[] Event((string Tag, long Step, float Value) scalar)
    {
        byte[] value = [.. Text(1, scalar.Tag), .. Field(2, 5, BitConverter.GetBytes(scalar.Value))];
        byte[] summary = Message(1, value);
        return [.. Field(1, 1, BitConverter.GetBytes(2.0)), 2 << 3, .. Varint(scalar.Step), .. Message(5, summary)];
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] bytes) => [(byte)((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Field(int field, int type, byte[] bytes) => [(byte)((field << 3) | type), .. bytes];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7F) | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
