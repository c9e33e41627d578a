using System.Buffers;
using System.Runtime.InteropServices;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Guarding;

/// <summary>A data set that is no instance, until it is whole and known to be harmless. What is refused is not kept.</summary>
internal sealed class HeldDataSet(ushort message, string transferSyntax, HeldMemory memory, GuardLimits limits)
{
    private ArrayBufferWriter<byte> _bytes = new();
    private MessageRefusal? _refusal;

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Write(ReadOnlySpan<byte> piece)
    {
        if (_refusal is not null)
            return;
        if (_bytes.WrittenCount + piece.Length > limits.Message)
            Refuse(MessageRefusal.TooLong);
        else if (!memory.TryTake(message, piece.Length))
            Refuse(MessageRefusal.TooMuch);
        else
            _bytes.Write(piece);
    }

    /// <returns>Null when the toolkit may parse it.</returns>
    public MessageRefusal? Finish()
    {
        if (_refusal is not null)
            return _refusal;
        MemoryMarshal.TryGetArray(_bytes.WrittenMemory, out var written);
        using var stream = new MemoryStream(written.Array!, 0, _bytes.WrittenCount, writable: false);
        var walk = new DataSetWalk(
            new ScanReader(stream), DataSetEncoding.Of(transferSyntax)!.Value, new HeaderFields(transferSyntax), limits.Depth, limits.Elements);
        switch (walk.Run()?.Code)
        {
            case null when memory.TryTake(message, MessageMemory.CostOf(walk.ElementCount, _bytes.WrittenCount)):
                return null;
            case null:
                Refuse(MessageRefusal.TooMuch);
                break;
            case "dicom.depth":
                Refuse(MessageRefusal.TooDeep);
                break;
            case "dicom.items":
                Refuse(MessageRefusal.TooLong);
                break;
            default:
                Refuse(MessageRefusal.Damaged);
                break;
        }

        return _refusal;
    }

    private void Refuse(MessageRefusal refusal)
    {
        _refusal = refusal;
        _bytes = new ArrayBufferWriter<byte>();
        memory.Give(message);
    }
}
