using System.Text;
using HSENet.Model.Weights;
using HSENet.Model.Weights.PyTorch;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Weights;

/// <summary>Pickles that want to run something, take memory or read elsewhere: refused with a code, nothing run, nothing taken.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Globals => new()
    {
        { "os", "system" }, { "posix", "system" }, { "builtins", "eval" }, { "__builtin__", "exec" }, { "subprocess", "Popen" },
        { "torch", "load" }, { "torch.storage", "_load_from_bytes" }, { "torch._utils", "_rebuild_wrapper_subclass" },
        { "torch", "FloatStorage.__init__" }, { "numpy.core.multiarray", "_reconstruct" }, { "torch.nn.modules.linear", "Linear" },
        { "transformers.training_args", "TrainingArguments" }, { "System.Diagnostics", "Process" },
    };

    [Theory]
    [MemberData(nameof(Globals))]
    public void Global_that_tensors_do_not_need_is_refused_by_name(string module, string name)
    {
        byte[][] pickles =
        [
            new PickleBytes().Global(module, name).Op("(").Text("touch hsenet-was-here").Op("tR").Stop(),
            new PickleBytes(4).Text(module).Text(name).Raw(0x93).Stop(),
            new PickleBytes().Op($"(i{module}\n{name}\n").Stop(),
            new PickleBytes().Op("}").Text("w").Global(module, name).Op("s").Stop(),
        ];
        foreach (var pickle in pickles)
        {
            var refusal = Assert.Throws<HSENetModelException>(() => Read(pickle));
            Assert.Equal("weights.global", refusal.Code);
            Assert.Contains($"'{module}.{name}'", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Name_of_a_refused_global_is_shown_without_control_characters()
    {
        var refusal = Assert.Throws<HSENetModelException>(() => Read(new PickleBytes().Global("os\u001b[31m", "x\r").Stop()));
        Assert.Equal("weights.global", refusal.Code);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    public static TheoryData<string, byte[]> Unsound => new()
    {
        { "empty", [] },
        { "no protocol", "(lp0\n."u8.ToArray() },
        { "protocol 0", [0x80, 0, (byte)'N', (byte)'.'] },
        { "no stop", new PickleBytes().Op("N").Stop()[..^1] },
        { "two values at the end", new PickleBytes().Op("NN").Stop() },
        { "empty stack", new PickleBytes().Op("R").Stop() },
        { "text of 4 GB", new PickleBytes().Op("X").Number(uint.MaxValue, 4).Stop() },
        { "text of 2^63 bytes", new PickleBytes(4).Raw(0x8d).Number(long.MaxValue, 8).Stop() },
        { "number of 200 bytes", new PickleBytes().Raw(0x8a, 200).Stop() },
        { "frame of 2^62 bytes", new PickleBytes(4).Raw(0x95).Number(1L << 62, 8).Stop() },
        { "recall of nothing", new PickleBytes().Op("h").Raw(9).Stop() },
        { "mark without end", new PickleBytes().Op("t").Stop() },
        { "append to a dictionary", new PickleBytes().Op("}Na").Stop() },
        { "odd pairs", new PickleBytes().Op("}(Nu").Stop() },
        { "key that is a list", new PickleBytes().Op("}]Ns").Stop() },
        { "call of a text", new PickleBytes().Text("os.system").Op(")R").Stop() },
        { "instance", new PickleBytes().Global("collections", "OrderedDict").Op(")").Raw(0x81).Stop() },
        { "state for a list", new PickleBytes().Op("]}b").Stop() },
        { "extension code", new PickleBytes().Raw(0x82, 1).Stop() },
        { "buffer out of band", new PickleBytes(5).Raw(0x97).Stop() },
        { "storage of a foreign kind", new PickleBytes().Op("(").Text("module").Op("NNNtQ").Stop() },
        { "negative length", Tensor(4, 0, [-1], [1]) },
        { "negative stride", Tensor(4, 3, [4], [-1]) },
        { "negative offset", Tensor(4, -1, [1], [1]) },
        { "offset behind the storage", Tensor(4, 4, [1], [1]) },
        { "reach behind the storage", Tensor(4, 0, [3], [2]) },
        { "reach that overflows", Tensor(4, 0, [long.MaxValue], [long.MaxValue]) },
        { "elements that overflow", Tensor(4, 0, [1L << 40, 1L << 40], [0, 0]) },
        { "too many axes", Tensor(4, 0, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) },
        { "axes and strides of two lengths", Tensor(4, 0, [2, 2], [1]) },
        { "storage longer than its entry", Tensor(5, 0, [1], [1]) },
        { "storage shorter than its entry", Tensor(3, 0, [1], [1]) },
        { "negative storage", Tensor(-4, 0, [0], [1]) },
        { "storage that is missing", new PickleBytes().Op("}").Text("w").Tensor("FloatStorage", "../1", 4, 0, [4], [1]).Op("s").Stop() },
        { "no tensor", new PickleBytes().Op("}").Stop() },
        { "a list", new PickleBytes().Op("]").Stop() },
        { "dictionary in itself", new PickleBytes().Op("}q").Raw(0).Text("me").Op("h").Raw(0).Op("s").Stop() },
        { "name that comes twice", new PickleBytes().Op("}(").Text("a.b").Tensor("FloatStorage", "0", 4, 0, [4], [1])
            .Text("a").Op("}").Text("b").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op("su").Stop() },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void Unsound_pickle_is_refused(string why, byte[] pickle)
    {
        var refusal = Assert.Throws<HSENetModelException>(() => Read(pickle));
        Assert.True(refusal.Code == "weights.format", $"{why}: {refusal.Code} {refusal.Message}");
    }

    [Fact]
    public void Dictionaries_that_multiply_by_reference_are_refused_without_walking_them_all()
    {
        // ten references in each of fourteen levels: 10^14 visits
        var pickle = new PickleBytes().Op("(}q").Raw(0);
        for (byte level = 1; level < 15; level++)
        {
            pickle.Op("}q").Raw(level).Op("(");
            for (var i = 0; i < 10; i++)
            {
                pickle.Text($"{i}").Op("h").Raw((byte)(level - 1));
            }

            pickle.Op("u");
        }

        var bytes = pickle.Op("1h").Raw(14).Stop();   // only the last dictionary stays on the stack
        var refusal = Assert.Throws<HSENetModelException>(() => Read(bytes));
        Assert.Equal("weights.format", refusal.Code);
        Assert.Contains("too often", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pickle_with_more_opcodes_or_values_than_the_limit_is_refused()
    {
        Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => Read(new PickleBytes().Raw(Repeated("N", PickleLimits.Stack + 1)).Stop())).Code);
        Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => Read(new PickleBytes().Raw(Repeated("N0", (PickleLimits.Operations / 2) + 1)).Stop())).Code);
    }

    [Fact]
    public void Compressed_entry_and_cut_file_are_refused()
    {
        using (var zip = System.IO.Compression.ZipFile.Open(_folder.Path("deflated.bin"), System.IO.Compression.ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("archive/data.pkl").Open();
            entry.Write(new byte[100_000]);
        }

        Assert.Contains("compressed", Assert.Throws<HSENetModelException>(() => TensorFiles.Open(_folder.Path("deflated.bin"))).Message, StringComparison.Ordinal);

        TorchSaveFile.Write(_folder.Path("whole.bin"), [new("w", [100])]);
        var whole = File.ReadAllBytes(_folder.Path("whole.bin"));
        for (var length = 0; length < whole.Length; length += 7)
        {
            var path = _folder.Write("cut.bin", whole[..length]);
            Assert.StartsWith("weights.", Assert.Throws<HSENetModelException>(() => TensorFiles.Open(path)).Code, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("old.bin")]
    [InlineData("zip.bin")]
    public void Files_cut_within_their_first_bytes_are_refused_at_each_length(string name)
    {
        TorchSaveFile.Write(_folder.Path("zip.bin"), [new("a", [2, 3])]);
        TorchSaveFile.WriteLegacy(_folder.Path("old.bin"), [new("a", [2, 3])]);
        var whole = File.ReadAllBytes(_folder.Path(name));
        for (var length = 0; length <= 64; length++)
        {
            var path = _folder.Write("cut.bin", whole[..length]);
            Assert.Equal("weights.format", Assert.Throws<HSENetModelException>(() => TensorFiles.Open(path)).Code);
        }
    }

    [Fact]
    public void Damaged_files_give_a_refusal_or_tensors_and_never_another_error()
    {
        TorchSaveFile.Write(_folder.Path("zip.bin"), [new("a", [2, 3]), new("b", [4], null, "BFloat16Storage", 2)], parameters: true);
        TorchSaveFile.WriteLegacy(_folder.Path("old.bin"), [new("a", [2, 3]), new("b", [4], null, "HalfStorage", 2)]);
        var random = new Random(20261124);
        foreach (var sound in new[] { File.ReadAllBytes(_folder.Path("zip.bin")), File.ReadAllBytes(_folder.Path("old.bin")) })
        {
            var refused = 0;
            for (var round = 0; round < 1500; round++)
            {
                var damaged = (byte[])sound.Clone();
                for (var flips = 1 + random.Next(4); flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                var path = _folder.Write("damaged.bin", damaged);
                try
                {
                    using var file = TensorFiles.Open(path);
                    foreach (var entry in file.Entries.Where(entry => entry.Shape.Aggregate(1.0, (count, length) => count * length) < 1e6))
                    {
                        using var view = file.View(entry.Name);
                        using var copy = view.clone();
                    }
                }
                catch (HSENetModelException e)
                {
                    Assert.StartsWith("weights.", e.Code, StringComparison.Ordinal);
                    refused++;
                }
            }

            Assert.InRange(refused, 300, 1500);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Tensor(long count, long offset, long[] size, long[] stride) =>
        new PickleBytes().Op("}").Text("w").Tensor("FloatStorage", "0", count, offset, size, stride).Op("s").Stop();

    private static byte[] Repeated(string opcodes, int times) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(opcodes, times)));

    private void Read(byte[] pickle)
    {
        TorchSaveFile.WriteZip(_folder.Path("made.bin"), [("archive/data.pkl", pickle, null), ("archive/data/0", new byte[16], null)]);
        using var file = TensorFiles.Open(_folder.Path("made.bin"));
    }
}
