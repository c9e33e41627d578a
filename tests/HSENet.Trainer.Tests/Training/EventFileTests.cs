using System.Buffers.Binary;
using Google.Protobuf;
using HSENet.TestKit;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Records;
using Microsoft.Extensions.Time.Testing;

namespace HSENet.Trainer.Tests.Training;

/// <summary>What TensorBoard would read: frames by a bitwise checksum, messages by Google's parser.</summary>
public sealed class EventFileTests : IDisposable
{
    private readonly TempFolder _folder = new("events");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Checksum_is_the_published_one() => Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));

    [Fact]
    public void Curves_are_read_back_by_other_code()
    {
        string path;
        using (var file = new EventFile(_folder.Root, 7, _time))
        {
            path = file.Path;
            var log = new EventLog(file);
            log.Step(new StepResult(0, 8, 20, 1.5, new Dictionary<string, double> { ["contrastive"] = 1.25 }, 1e-4, 3, 4));
            log.Epoch(new EpochResult(0, 2, 300, 600, 0.75, new Dictionary<string, double>(), 0));
        }

        Assert.StartsWith("events.out.tfevents.1767323045.", Path.GetFileName(path), StringComparison.Ordinal);
        var events = Frames(File.ReadAllBytes(path)).Select(Parse).ToList();
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((7, true), (events[1].Step, events[1].IsStart));
        Assert.Equal(8, events[2].Step);
        Assert.Equal(1767323045, events[2].Time);
        Assert.Equal(
            new Dictionary<string, float> { ["step/loss"] = 1.5f, ["step/learning_rate"] = 1e-4f, ["step/gradient_norm"] = 3, ["step/contrastive"] = 1.25f }, events[2].Values);
        Assert.Equal((300, 0.75f), (events[3].Step, events[3].Values["epoch/loss"]));
        Assert.Equal(4, events.Count);
    }

    [Fact]
    public void Run_resumed_within_the_same_second_gets_a_file_of_its_own()
    {
        using var first = new EventFile(_folder.Root, 0, _time);
        using var second = new EventFile(_folder.Root, 5, _time);
        Assert.NotEqual(first.Path, second.Path);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<byte[]> Frames(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var data = bytes.AsSpan(at + 12, length).ToArray();
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += length + 16;
            yield return data;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static ParsedEvent Parse(byte[] bytes)
    {
        var (result, input) = (new ParsedEvent(), new CodedInputStream(bytes));
        while (input.ReadTag() is > 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: result.Time = input.ReadDouble(); break;
                case 2: result.Step = input.ReadInt64(); break;
                case 3: result.Version = input.ReadString(); break;
                case 5: ParseSummary(input.ReadBytes(), result.Values); break;
                case 7: result.IsStart = input.ReadBytes().Span.SequenceEqual(new byte[] { 8, 1 }); break;
                default: Assert.Fail($"unknown field {tag}"); break;
            }
        }

        return result;
    }

    private static void ParseSummary(ByteString bytes, Dictionary<string, float> values)
    {
        var summary = bytes.CreateCodedInput();
        while (summary.ReadTag() is > 0 and var tag)
        {
            Assert.Equal(1, WireFormat.GetTagFieldNumber(tag));
            var value = summary.ReadBytes().CreateCodedInput();
            Assert.Equal(1, WireFormat.GetTagFieldNumber(value.ReadTag()));
            var name = value.ReadString();
            Assert.Equal(2, WireFormat.GetTagFieldNumber(value.ReadTag()));
            values.Add(name, value.ReadFloat());
        }
    }

    private sealed class ParsedEvent
    {
        public double Time { get; set; }

        public long Step { get; set; }

        public string? Version { get; set; }

        public bool IsStart { get; set; }

        public Dictionary<string, float> Values { get; } = [];
    }
}
