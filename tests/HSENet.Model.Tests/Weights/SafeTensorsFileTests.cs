using System.Buffers.Binary;
using System.Text;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> GoldenBroken =>
        [.. GoldenText.Section("safetensors", "must_fail").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    public static TheoryData<string, string> Broken => new()
    {
        { "product of the shape overflows", """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""" },
        { "huge shape, few bytes", """{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,8]}}""" },
        { "begin after end", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""" },
        { "end beyond the file", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""" },
        { "offset beyond 64 bits", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551616]}}""" },
        { "negative length", """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""" },
        { "overlap", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""" },
        { "hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""" },
        { "rest not covered", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "duplicate key", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "unknown type", """{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""" },
        { "missing field", """{"a":{"dtype":"F32","shape":[2]}}""" },
        { "not an object", """[1,2]""" },
        { "not JSON", """{"a":""" },
        { "name that is no Unicode", """{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "type that is no Unicode", """{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""" },
        { "field that is no Unicode", """{"a":{"dtype":"F32","shape":[2],"data_offsets\ud800":[0,8]}}""" },
        { "metadata that is no Unicode", """{"__metadata__":{"made":"\udc00"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "name of metadata that is no Unicode", """{"__metadata__":{"\udc00":"here"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "metadata that is not text", """{"__metadata__":{"n":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
    };

    [Fact]
    public void Reader_reads_every_type_of_the_golden_file()
    {
        var golden = GoldenText.Section("safetensors", "good");
        using var file = SafeTensorsFile.Open(_folder.Write("good", golden.GetProperty("b64").GetBytesFromBase64()));

        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var expected in golden.GetProperty("expected").EnumerateObject())
        {
            using var tensor = file.Read(expected.Name).to_type(ScalarType.Float64);
            Assert.Equal(expected.Value.EnumerateArray().Select(value => value.GetDouble()), tensor.numel() == 0 ? [] : tensor.data<double>().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(GoldenBroken))]
    public void Reader_refuses_a_broken_golden_file(string id)
    {
        var golden = GoldenText.Section("safetensors", "must_fail").EnumerateArray().Single(item => item.GetProperty("id").GetString() == id);
        AssertRefused(golden.GetProperty("b64").GetBytesFromBase64());
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Reader_refuses_a_header_that_lies(string why, string json)
    {
        Assert.NotEmpty(why);
        AssertRefused(Bytes((ulong)json.Length, json, dataBytes: 8));
    }

    [Theory]
    [InlineData("""{"#":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"#","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"__metadata__":{"made":"#"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    public void Reader_refuses_bytes_that_are_no_UTF8(string json)
    {
        var bytes = Bytes((ulong)json.Length, json, dataBytes: 8);
        bytes[Array.IndexOf(bytes, (byte)'#', 8)] = 0xFF;
        AssertRefused(bytes);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(99_000_000UL)]
    [InlineData(3UL)]
    public void Reader_refuses_a_wrong_header_length_without_taking_memory(ulong claimed)
    {
        const string json = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var path = _folder.Write("broken", Bytes(claimed, json, dataBytes: 8));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => SafeTensorsFile.Open(path)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Reader_refuses_a_file_that_is_cut_in_its_header(int length)
    {
        const string json = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        AssertRefused(Bytes((ulong)json.Length, json, dataBytes: 8)[..length]);
    }

    [Fact]
    public void Reader_names_a_file_that_is_not_there()
    {
        var refusal = Assert.Throws<HSENetModelException>(() => SafeTensorsFile.Open(_folder.Path("absent.safetensors")));
        Assert.Equal("weights.file", refusal.Code);
        Assert.Contains("absent.safetensors", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_names_a_tensor_that_is_not_there()
    {
        using var scope = NewDisposeScope();
        SafeTensorsWriter.Write(_folder.Path("one"), [new("a", zeros(2))]);
        using var file = SafeTensorsFile.Open(_folder.Path("one"));
        Assert.Equal("weights.missing", Assert.Throws<HSENetModelException>(() => file.Read("b")).Code);
    }

    [Fact]
    public void Writer_and_reader_agree_bit_for_bit_whatever_the_order()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["z.weight"] = arange(24, ScalarType.Float32).reshape(2, 3, 4).transpose(0, 2),
            ["a"] = tensor(3.25),
            ["empty"] = zeros(0, 4),
            ["half"] = tensor(new[] { 0.5f, -2f }).to_type(ScalarType.BFloat16),
            ["count"] = tensor(new[] { -7L, 9L }),
        };
        SafeTensorsWriter.Write(_folder.Path("one"), tensors, new Dictionary<string, string> { ["made"] = "here" });
        SafeTensorsWriter.Write(_folder.Path("two"), tensors.Reverse(), new Dictionary<string, string> { ["made"] = "here" });

        Assert.Equal(File.ReadAllBytes(_folder.Path("one")), File.ReadAllBytes(_folder.Path("two")));
        using var file = SafeTensorsFile.Open(_folder.Path("one"));
        Assert.Equal("here", file.Metadata["made"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors)
        {
            var actual = file.Read(name);
            Assert.Equal(expected.shape, actual.shape);
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.True(expected.equal(actual).all().item<bool>());
        }
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(ulong headerBytes, string json, int dataBytes)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(json) + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerBytes);
        Encoding.UTF8.GetBytes(json, bytes.AsSpan(8));
        return bytes;
    }

    private void AssertRefused(byte[] bytes)
    {
        var path = _folder.Write("broken", bytes);
        Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => SafeTensorsFile.Open(path)).Code);
    }
}
