using System.Buffers.Binary;
using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Dicom.Sending;

/// <summary>
/// What a peer answered, out of the command set itself: a toolkit may look a status up among those that it knows, and make 0124 a 0110.
/// </summary>
/// <param name="Status">Status (0000,0900) with its name.</param>
/// <param name="Comment">Error Comment (0000,0902), without values of the patient; null for none.</param>
/// <param name="OffendingElements">Offending Element (0000,0901): <c>(0010,0020) (0008,0050)</c>; null for none.</param>
public sealed record PeerAnswer(DimseStatus Status, string? Comment = null, string? OffendingElements = null)
{
    /// <summary>As many elements as an operator reads.</summary>
    private const int MaximumElements = 16;

    /// <param name="response">As it came.</param>
    /// <param name="sent">The object that it is about, whose patient must not be told; null: none.</param>
    public static PeerAnswer Of(DicomResponse response, DicomDataset? sent = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(DimseStatus.Of(CodeOf(response)), PeerComment.Of(Text(response.Command, DicomTag.ErrorComment), sent), Elements(response.Command));
    }

    /// <summary>A response without a status counts as a failure, 0110.</summary>
    public static ushort CodeOf(DicomResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Command.TryGetSingleValue<ushort>(DicomTag.Status, out var code) ? code : (ushort)0x0110;
    }

    /// <summary><c>status 0124 Refused: Not Authorized, "no such user", (0010,0020)</c>.</summary>
    public override string ToString() =>
        $"status {Status}" + (Comment is null ? "" : $", \"{Comment}\"") + (OffendingElements is null ? "" : $", {OffendingElements}");

    private static string? Text(DicomDataset command, DicomTag tag)
    {
        try
        {
            return command.TryGetString(tag, out var text) ? text : null;
        }
        catch (Exception e) when (e is DicomDataException or InvalidCastException or FormatException)
        {
            return null; // a comment that cannot be read must not cost the answer
        }
    }

    /// <summary>Pairs of group and element; a command set is in little endian (PS3.7 6.3.1).</summary>
    private static string? Elements(DicomDataset command)
    {
        if (!command.Contains(DicomTag.OffendingElement) || command.GetDicomItem<DicomItem>(DicomTag.OffendingElement) is not DicomElement element)
            return null;

        var bytes = element.Buffer.Data;
        var tags = Enumerable.Range(0, Math.Min(bytes.Length / 4, MaximumElements))
            .Select(i => (Group: BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(4 * i)), Element: BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((4 * i) + 2))))
            .Select(t => $"({t.Group:X4},{t.Element:X4})");
        return bytes.Length < 4 ? null : string.Join(' ', tags);
    }
}
