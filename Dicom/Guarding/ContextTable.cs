using System.Buffers.Binary;
using System.Text;

namespace HSENet.Dicom.Guarding;

/// <summary>The presentation contexts of one association, as its request and its acceptance say (PS3.8 9.3.2, 9.3.3).</summary>
internal sealed class ContextTable
{
    private const int FixedPart = 68; // of both PDUs, after the header

    private readonly Dictionary<byte, string> _proposed = [];
    private readonly Dictionary<byte, NegotiatedContext> _accepted = [];
    private readonly Lock _lock = new();

    public bool IsRequested { get; private set; }

    public bool IsAccepted { get; private set; }

    /// <exception cref="GuardFault">It is no A-ASSOCIATE-RQ, or not the first.</exception>
    public void TakeRequest(ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            if (IsRequested)
                throw GuardFault.Unexpected("a second A-ASSOCIATE-RQ");
            IsRequested = true;
            foreach (var (type, value) in Items(body, FixedPart))
            {
                if (type != 0x20)
                    continue;
                var syntax = Items(value, 4).Find(item => item.Type == 0x30).Value;
                if (syntax is not null)
                    _proposed[value[0]] = Text(syntax);
            }
        }
    }

    /// <exception cref="GuardFault">It is no A-ASSOCIATE-AC, or not the first.</exception>
    public void TakeAccept(ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            if (IsAccepted || !IsRequested)
                throw GuardFault.Unexpected("an A-ASSOCIATE-AC that nobody waits for");
            IsAccepted = true;
            foreach (var (type, value) in Items(body, FixedPart))
            {
                if (type != 0x21 || value.Length < 4 || value[2] != 0 || !_proposed.TryGetValue(value[0], out var abstractSyntax))
                    continue;
                if (Items(value, 4).Find(item => item.Type == 0x40).Value is { } transferSyntax)
                    _accepted[value[0]] = new NegotiatedContext(abstractSyntax, Text(transferSyntax));
            }
        }
    }

    /// <exception cref="GuardFault">It was not accepted.</exception>
    public NegotiatedContext Find(byte id)
    {
        lock (_lock)
        {
            if (!IsAccepted)
                throw GuardFault.Unexpected("data before the association is accepted");
            return _accepted.TryGetValue(id, out var context) ? context : throw GuardFault.Invalid($"presentation context {id} was not accepted");
        }
    }

    private static List<(byte Type, byte[] Value)> Items(ReadOnlySpan<byte> bytes, int at)
    {
        var items = new List<(byte, byte[])>();
        while (at < bytes.Length)
        {
            var length = bytes.Length - at < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length > bytes.Length - at - 4)
                throw GuardFault.Invalid("an item of an association PDU is longer than what it is in");
            items.Add((bytes[at], bytes.Slice(at + 4, length).ToArray()));
            at += 4 + length;
        }

        return items;
    }

    private static string Text(byte[] value) => Encoding.ASCII.GetString(value).TrimEnd('\0', ' ');
}
