using System.Buffers.Binary;
using System.Text;

namespace HSENet.Dicom.Guarding;

/// <summary>What a command set says (PS3.7 E.1), as far as it decides what becomes of its data set.</summary>
/// <param name="Field">Command Field.</param>
/// <param name="MessageId">Of a request: its own; of a response: that of the request.</param>
/// <param name="SopClassUid">Affected or Requested SOP Class UID; empty when there is none.</param>
/// <param name="HasDataSet">A data set follows.</param>
/// <param name="Status">Of a response; null without one.</param>
/// <param name="DataSetTypeOffset">Where the value of Command Data Set Type stands.</param>
internal sealed record MessageCommand(ushort Field, ushort MessageId, string SopClassUid, bool HasDataSet, ushort? Status, int DataSetTypeOffset)
{
    public const ushort Store = 0x0001;
    public const ushort FindResponse = 0x8020;
    public const ushort EventReport = 0x0100;
    public const ushort Action = 0x0130;
    public const ushort Cancel = 0x0FFF;
    public const ushort NoDataSet = 0x0101;

    private const int HeaderSize = 8;

    /// <summary>Affected SOP Instance UID; empty when there is none.</summary>
    public string SopInstanceUid { get; private init; } = "";

    public bool IsResponse => (Field & 0x8000) != 0;

    /// <summary>
    /// Read more strictly than toolkits do, so that none of them can read it otherwise: group 0000 only, no element twice, no sequence.
    /// </summary>
    /// <exception cref="GuardFault">It is no such command set.</exception>
    public static MessageCommand Read(ReadOnlySpan<byte> bytes)
    {
        ushort? field = null, id = null, respondedTo = null, dataSetType = null, status = null;
        var (sopClass, sopInstance, offset, seen) = ("", "", 0, new HashSet<ushort>());
        for (var at = 0; at < bytes.Length;)
        {
            if (bytes.Length - at < HeaderSize || BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) != 0)
                throw GuardFault.Invalid("a command set is damaged");
            var element = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            at += HeaderSize;
            if (length > bytes.Length - at || !seen.Add(element))
                throw GuardFault.Invalid("a command set is damaged");
            var value = bytes.Slice(at, (int)length);
            switch (element)
            {
                case 0x0002 or 0x0003:
                    sopClass = Encoding.ASCII.GetString(value).TrimEnd('\0', ' ');
                    break;
                case 0x1000:
                    sopInstance = Encoding.ASCII.GetString(value).TrimEnd('\0', ' ');
                    break;
                case 0x0100:
                    field = Number(value);
                    break;
                case 0x0110:
                    id = Number(value);
                    break;
                case 0x0120:
                    respondedTo = Number(value);
                    break;
                case 0x0800:
                    (dataSetType, offset) = (Number(value), at);
                    break;
                case 0x0900:
                    status = Number(value);
                    break;
            }

            at += (int)length;
        }

        if (field is not { } isField || dataSetType is null)
            throw GuardFault.Invalid("a command set has no Command Field or no Command Data Set Type");
        var isResponse = (isField & 0x8000) != 0;
        return new MessageCommand(isField, (isResponse ? respondedTo : id) ?? 0, sopClass, dataSetType != NoDataSet, isResponse ? status : null, offset)
        {
            SopInstanceUid = sopInstance,
        };
    }

    private static ushort Number(ReadOnlySpan<byte> value) =>
        value.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(value) : throw GuardFault.Invalid("a number of a command set has not two bytes");
}
