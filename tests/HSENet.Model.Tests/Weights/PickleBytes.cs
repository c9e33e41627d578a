using System.Buffers.Binary;
using System.Text;

namespace HSENet.Model.Tests.Weights;

/// <summary>Writes pickles opcode by opcode, sound and unsound ones.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];

    public PickleBytes(byte protocol = 2) => Raw(0x80, protocol);

    public PickleBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(string opcodes) => Raw(Encoding.ASCII.GetBytes(opcodes));

    public PickleBytes Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Number(bytes.Length, 4).Raw(bytes);
    }

    /// <summary>A whole number of any size.</summary>
    public PickleBytes Integer(long value)
    {
        Raw(0x8a, 8);
        return Number(value, 8);
    }

    public PickleBytes Integers(params ReadOnlySpan<long> values)
    {
        Op("(");
        foreach (var value in values)
        {
            Integer(value);
        }

        return Op("t");
    }

    public PickleBytes Number(long value, int bytes)
    {
        Span<byte> little = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(little, value);
        return Raw(little[..bytes]);
    }

    /// <summary>A tensor as torch.save describes it.</summary>
    public PickleBytes Tensor(
        string storageType, string key, long count, long offset, ReadOnlySpan<long> size, ReadOnlySpan<long> stride, bool parameter = false, bool legacy = false)
    {
        if (parameter)
        {
            Global("torch._utils", "_rebuild_parameter").Op("(");
        }

        Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", storageType).Text(key).Text("cuda:0").Integer(count);
        (legacy ? Op("N") : this).Op("tQ").Integer(offset).Integers(size).Integers(stride).Raw(0x89).Global("collections", "OrderedDict").Op(")RtR");
        return parameter ? Raw(0x88).Global("collections", "OrderedDict").Op(")RtR") : this;
    }

    public byte[] Stop()
    {
        Op(".");
        return [.. _bytes];
    }
}
