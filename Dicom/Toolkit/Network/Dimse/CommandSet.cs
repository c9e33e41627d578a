using System.Buffers.Binary;
using System.Text;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network.Dimse;

/// <summary>
/// Command sets and their encoding: group 0000 in implicit VR little endian (PS3.7 6.3.1). Decoded here, and not by the data set reader, as there is
/// nothing in it that nests.
/// </summary>
internal static class CommandSet
{
    /// <summary>Value of Command Data Set Type (0000,0800) for "no data set"; any other value stands for one.</summary>
    public const ushort NoDataset = 0x0101;

    /// <summary>The value we send when there is a data set.</summary>
    public const ushort WithDataset = 0x0001;

    private const ushort ResponseBit = 0x8000;
    private const int HeaderSize = 8;

    /// <summary>What a response repeats of its request, when it is there.</summary>
    private static readonly DicomTag[] _answeredTypes = [DicomTag.EventTypeID, DicomTag.ActionTypeID];

    /// <summary>A request without data set.</summary>
    public static DicomDataset Create(DicomCommandField type, DicomUID sopClass)
    {
        ArgumentNullException.ThrowIfNull(sopClass);
        var command = Empty();
        command.AddOrUpdate(NamesRequested(type) ? DicomTag.RequestedSOPClassUID : DicomTag.AffectedSOPClassUID, sopClass);
        command.AddOrUpdate(DicomTag.CommandField, (ushort)type);
        command.AddOrUpdate(DicomTag.CommandDataSetType, NoDataset);
        return command;
    }

    /// <summary>A response without data set and status: the request's field with the top bit set, its id and the UIDs it named.</summary>
    public static DicomDataset Answer(DicomRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var command = Empty();
        if (request.SOPClassUID is { } sopClass)
        {
            command.AddOrUpdate(DicomTag.AffectedSOPClassUID, sopClass);
        }

        command.AddOrUpdate(DicomTag.CommandField, (ushort)((ushort)request.Type | ResponseBit));
        command.AddOrUpdate(DicomTag.MessageIDBeingRespondedTo, request.MessageID);
        command.AddOrUpdate(DicomTag.CommandDataSetType, NoDataset);
        var instance = request.Command.Uid(DicomTag.AffectedSOPInstanceUID) ?? request.Command.Uid(DicomTag.RequestedSOPInstanceUID);
        if (instance is not null)
        {
            command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, instance);
        }

        foreach (var tag in _answeredTypes)
        {
            if (request.Command.TryGetSingleValue<ushort>(tag, out var type))
            {
                command.AddOrUpdate(tag, type);
            }
        }

        return command;
    }

    /// <summary>C-CANCEL-RQ for a request (PS3.7 9.3.2.3).</summary>
    public static DicomDataset Cancel(ushort messageId)
    {
        var command = Empty();
        command.AddOrUpdate(DicomTag.CommandField, (ushort)DicomCommandField.CCancelRequest);
        command.AddOrUpdate(DicomTag.MessageIDBeingRespondedTo, messageId);
        command.AddOrUpdate(DicomTag.CommandDataSetType, NoDataset);
        return command;
    }

    public static bool IsRequest(DicomDataset command) =>
        (command.GetSingleValueOrDefault<ushort>(DicomTag.CommandField, 0) & ResponseBit) == 0;

    /// <summary>The UID in an element, or null.</summary>
    public static DicomUID? Uid(this DicomDataset command, DicomTag tag)
    {
        var text = command.GetSingleValueOrDefault(tag, "").TrimEnd('\0', ' ');
        return text.Length == 0 ? null : DicomUID.Parse(text);
    }

    /// <summary>Text that fits Error Comment (0000,0902): VR LO of the default repertoire.</summary>
    public static string Comment(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = source[i] is >= ' ' and <= '~' and not '\\' ? source[i] : '?';
        }
    });

    /// <summary>Bytes of a command set, group length first.</summary>
    public static byte[] Encode(DicomDataset command)
    {
        var body = new MemoryStream();
        foreach (var element in command.OfType<DicomElement>().Where(e => e.Tag.Group == 0 && e.Tag.Element != 0).OrderBy(e => e.Tag.Element))
        {
            Write(body, element.Tag.Element, element.Buffer.Data, element.ValueRepresentation == DicomVR.UI ? (byte)0 : (byte)' ');
        }

        var all = new MemoryStream();
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)body.Length);
        Write(all, 0, length, 0);
        body.WriteTo(all);
        return all.ToArray();
    }

    /// <summary>Reads a command set. Elements that no command has are skipped.</summary>
    public static DicomDataset Decode(ReadOnlySpan<byte> bytes)
    {
        var command = Empty();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != 0)
            {
                throw PduException.Invalid("A command set holds something that is no command element");
            }

            var element = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            if (length > bytes.Length - HeaderSize)
            {
                throw PduException.Invalid("An element of a command set is longer than the command set");
            }

            Add(command, new DicomTag(0, element), bytes.Slice(HeaderSize, (int)length));
            bytes = bytes[(HeaderSize + (int)length)..];
        }

        return command;
    }

    /// <summary>Operations on an instance that exists have "requested" UIDs in their requests, all others "affected" ones (PS3.7 10.3).</summary>
    private static bool NamesRequested(DicomCommandField type) => type
        is DicomCommandField.NGetRequest or DicomCommandField.NSetRequest or DicomCommandField.NActionRequest or DicomCommandField.NDeleteRequest;

    private static void Add(DicomDataset command, DicomTag tag, ReadOnlySpan<byte> value)
    {
        switch (tag.Element)
        {
            case 0x0100 or 0x0110 or 0x0120 or 0x0700 or 0x0800 or 0x0900 or 0x0903 or 0x1002 or 0x1008
                or 0x1020 or 0x1021 or 0x1022 or 0x1023 or 0x1031 when value.Length >= 2:
                command.AddOrUpdate(tag, BinaryPrimitives.ReadUInt16LittleEndian(value));
                break;
            case 0x0002 or 0x0003 or 0x1000 or 0x1001:
                command.AddOrUpdate(tag, DicomUID.Parse(Encoding.ASCII.GetString(value)));
                break;
            case 0x0901 or 0x1005:
                command.AddOrUpdate(new DicomAttributeTag(tag, new MemoryByteBuffer(value[..(value.Length & ~3)].ToArray())));
                break;
            case 0x0600 or 0x0902 or 0x1030:
                command.AddOrUpdate(tag, Encoding.ASCII.GetString(value).Trim(' ', '\0'));
                break;
        }
    }

    // What a peer sends is taken as it is; the use of a value judges it.
    private static DicomDataset Empty() => new DicomDataset(DicomTransferSyntax.ImplicitVRLittleEndian).NotValidated();

    private static void Write(MemoryStream target, ushort element, byte[] value, byte padding)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], element);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], value.Length + (value.Length & 1));
        target.Write(header);
        target.Write(value);
        if ((value.Length & 1) == 1)
        {
            target.WriteByte(padding);
        }
    }
}
