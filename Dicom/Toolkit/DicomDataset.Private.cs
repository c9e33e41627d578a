namespace FellowOakDicom;

/// <content>Private attributes live in the block that their creator has reserved in this data set (PS3.5 7.8.1).</content>
public partial class DicomDataset
{
    private const ushort FirstBlock = 0x10, LastBlock = 0xFF;

    /// <summary>
    /// The tag under which a private attribute with a creator is, or would be, in this data set. A block is reserved when there is none yet.
    /// Other tags come back as they are.
    /// </summary>
    /// <exception cref="DicomDataException">All blocks of the group are taken.</exception>
    public DicomTag GetPrivateTag(DicomTag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (!tag.HasCreator)
        {
            return tag;
        }

        var block = FindBlock(tag) ?? ReserveBlock(tag);
        return InBlock(tag, block);
    }

    /// <summary>The tag as it is in this data set; null when its creator has no block here.</summary>
    private DicomTag? Resolve(DicomTag tag) =>
        !tag.HasCreator ? tag : FindBlock(tag) is { } block ? InBlock(tag, block) : null;

    private DicomItem Place(DicomItem item)
    {
        var tag = GetPrivateTag(item.Tag);
        return tag.Number == item.Tag.Number ? item : item.Retagged(tag);
    }

    private ushort? FindBlock(DicomTag tag)
    {
        for (var block = FirstBlock; block <= LastBlock; block++)
        {
            if (CreatorOf(tag.Group, block) == tag.PrivateCreator.Creator)
            {
                return block;
            }
        }

        return null;
    }

    private ushort ReserveBlock(DicomTag tag)
    {
        for (var block = FirstBlock; block <= LastBlock; block++)
        {
            var reservation = new DicomTag(tag.Group, block);
            if (!_items.ContainsKey(reservation.Number))
            {
                Put(new DicomLongString(reservation, tag.PrivateCreator.Creator), replace: false);
                return block;
            }
        }

        throw new DicomDataException($"Group {tag.Group:x4} has no private block left");
    }

    /// <summary>The creator that has reserved a block of a private group; null when nobody has.</summary>
    internal string? CreatorOf(ushort group, int block) =>
        _items.TryGetValue(((uint)group << 16) | (uint)block, out var item) && item is DicomElement { Count: > 0 } element
            ? element.Get<string>().Trim(' ') : null;

    private static DicomTag InBlock(DicomTag tag, ushort block) =>
        new(tag.Group, (ushort)((block << 8) | (tag.Element & 0xFF)), tag.PrivateCreator);
}
