using System.Text.Json;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

/// <summary>Files of torch.save: written by PyTorch 1.13.1 (golden), and by hand where PyTorch's own writer would not go.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Golden =>
        [.. GoldenText.Section("pytorch_zip", "fixtures").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Reader_gives_the_tensors_that_PyTorch_saved(string id)
    {
        var fixture = GoldenText.Section("pytorch_zip", "fixtures").EnumerateArray().Single(item => item.GetProperty("id").GetString() == id);
        using var file = TensorFiles.Open(_folder.Write(id, fixture.GetProperty("b64").GetBytesFromBase64()));

        var expected = fixture.GetProperty("expected").EnumerateObject().ToList();
        Assert.Equal(expected.Select(item => item.Name).Order(StringComparer.Ordinal), file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (var item in expected)
        {
            using var tensor = file.View(item.Name);
            Assert.Equal(Type(item.Value.GetProperty("dtype").GetString()!), tensor.dtype);
            Assert.Equal(item.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()), tensor.shape);
            Assert.Equal(item.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), Values(tensor));
        }
    }

    [Fact]
    public void Reader_unwraps_parameters_with_a_location_on_a_GPU()
    {
        TorchSaveFile.Write(_folder.Path("p.bin"), [new("a.lora_A.default.weight", [2, 3], Floats(1, 2, 3, 4, 5, 6)), new("b", [], Floats(7))], parameters: true);
        using var file = TensorFiles.Open(_folder.Path("p.bin"));
        using var scope = NewDisposeScope();
        Assert.Equal([1.0, 2, 3, 4, 5, 6], Values(file.View("a.lora_A.default.weight")));
        Assert.Empty(file.View("b").shape);
        Assert.Equal([7.0], Values(file.View("b")));
    }

    [Fact]
    public void Reader_reads_the_layout_before_PyTorch_1_6()
    {
        TorchSaveFile.WriteLegacy(_folder.Path("old.bin"), [new("x", [3], Floats(1, -2, 3)), new("y", [2, 1], [1, 255], "ByteStorage", 1)]);
        using var file = TensorFiles.Open(_folder.Path("old.bin"));
        using var scope = NewDisposeScope();
        Assert.Equal([1.0, -2, 3], Values(file.View("x")));
        Assert.Equal([1.0, 255], Values(file.View("y")));
    }

    [Fact]
    public void ZIP64_records_are_read()
    {
        TorchSaveFile.Write(_folder.Path("wide.bin"), [new("x", [3], Floats(1, -2, 3)), new("y", [1, 2], Floats(4, 5))], zip64: true);
        using var file = TensorFiles.Open(_folder.Path("wide.bin"));
        using var scope = NewDisposeScope();
        Assert.Equal([1.0, -2, 3], Values(file.View("x")));
        Assert.Equal([4.0, 5], Values(file.View("y")));
    }

    [Fact]
    public void Tensor_beyond_4_GiB_is_read_from_a_file_of_which_the_rest_is_a_hole()
    {
        const long Rows = (1L << 30) + 3;   // of float32: more than 4 GiB
        TorchSaveFile.Write(_folder.Path("huge.bin"), [new("before", [Rows]), new("behind", [2], Floats(6, 7))], zip64: true);
        using var file = TensorFiles.Open(_folder.Path("huge.bin"));
        using var scope = NewDisposeScope();
        Assert.Equal([Rows], file.View("before").shape);
        Assert.Equal(0, file.View("before")[Rows - 1].item<float>());
        Assert.Equal([6.0, 7], Values(file.View("behind")));
    }

    [Theory]
    [InlineData(0x06064b50, 48, long.MaxValue)]   // where the directory begins
    [InlineData(0x06064b50, 40, long.MaxValue)]   // its bytes
    [InlineData(0x06064b50, 48, -1)]
    [InlineData(0x06064b50, 32, 1L << 40)]        // entries
    [InlineData(0x07064b50, 8, long.MaxValue)]    // where the record is
    [InlineData(0x07064b50, 8, -5)]
    [InlineData(0x02014b50, 46 + 16 + 4, 1L << 50)]       // length of the first entry, archive/data.pkl
    [InlineData(0x02014b50, 46 + 16 + 4, -1)]
    [InlineData(0x02014b50, 46 + 16 + 4 + 16, 1L << 50)]  // its offset
    public void ZIP64_records_that_lie_are_refused(int signature, int at, long value)
    {
        TorchSaveFile.Write(_folder.Path("wide.bin"), [new("x", [3], Floats(1, -2, 3))], zip64: true);
        var bytes = File.ReadAllBytes(_folder.Path("wide.bin"));
        var record = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(signature));
        record = signature == 0x02014b50 ? bytes.AsSpan().IndexOf(BitConverter.GetBytes(signature)) : record;
        BitConverter.GetBytes(value).CopyTo(bytes, record + at);
        Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => TensorFiles.Open(_folder.Write("lie.bin", bytes))).Code);
    }

    [Fact]
    public void Tied_overlapping_transposed_and_expanded_tensors_share_one_storage()
    {
        var pickle = new PickleBytes().Op("}(")
            .Text("tied").Tensor("FloatStorage", "0", 6, 0, [6], [1])
            .Text("overlap").Tensor("FloatStorage", "0", 6, 0, [4, 3], [1, 1])
            .Text("turned").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("expanded").Tensor("FloatStorage", "0", 6, 5, [2, 2], [0, 0])
            .Op("u").Stop();
        using var file = Zip(pickle, Floats(0, 1, 2, 3, 4, 5));
        using var scope = NewDisposeScope();
        Assert.Equal([0.0, 1, 2, 3, 4, 5], Values(file.View("tied")));
        Assert.Equal([0.0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5], Values(file.View("overlap")));
        Assert.Equal([0.0, 3, 1, 4, 2, 5], Values(file.View("turned")));
        Assert.Equal([5.0, 5, 5, 5], Values(file.View("expanded")));
    }

    [Theory]
    [InlineData("big", 1.5)]
    [InlineData("little", null)]
    public void Byte_order_of_the_file_is_respected(string order, double? expected)
    {
        var pickle = new PickleBytes().Op("}").Text("x").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op("s").Stop();
        var bytes = BitConverter.GetBytes(1.5f);
        Array.Reverse(bytes);
        using var file = Zip(pickle, bytes, ("archive/byteorder", System.Text.Encoding.ASCII.GetBytes(order), null));
        using var x = file.View("x");
        Assert.Equal(expected ?? BitConverter.ToSingle(bytes), Values(x)[0]);
    }

    [Fact]
    public void Pickle_of_protocol_4_is_read()
    {
        var pickle = new PickleBytes(4).Raw(0x95).Number(0, 8).Op("}").Raw(0x94, 0x8c, 1).Op("x")
            .Raw(0x8c, 12).Op("torch._utils").Raw(0x8c, 18).Op("_rebuild_tensor_v2").Raw(0x93)
            .Op("((").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(2).Op("tQ").Integer(0).Integers(2).Integers(1)
            .Raw(0x89).Global("collections", "OrderedDict").Op(")RtRs").Stop();
        using var file = Zip(pickle, Floats(1, 2));
        using var x = file.View("x");
        Assert.Equal([1.0, 2], Values(x));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static ScalarType Type(string name) => name switch
    {
        "float32" => ScalarType.Float32,
        "float64" => ScalarType.Float64,
        "float16" => ScalarType.Float16,
        "bfloat16" => ScalarType.BFloat16,
        "int64" => ScalarType.Int64,
        "int32" => ScalarType.Int32,
        "int16" => ScalarType.Int16,
        "int8" => ScalarType.Int8,
        "uint8" => ScalarType.Byte,
        "bool" => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private ITensorFile Zip(byte[] pickle, byte[] storage, params (string, byte[]?, long?)[] more)
    {
        TorchSaveFile.WriteZip(_folder.Path("made.bin"), [("archive/data.pkl", pickle, null), ("archive/data/0", storage, null), .. more]);
        return TensorFiles.Open(_folder.Path("made.bin"));
    }
}
