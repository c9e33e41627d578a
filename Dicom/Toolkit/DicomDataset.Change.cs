namespace FellowOakDicom;

public partial class DicomDataset
{
    /// <exception cref="ArgumentException">The tag is present already.</exception>
    /// <exception cref="DicomValidationException">A value breaks the rules of its VR.</exception>
    public DicomDataset Add(DicomItem item) => Put(item, replace: false);

    public DicomDataset Add(params DicomItem[] items) => Add((IEnumerable<DicomItem>)items);

    public DicomDataset Add(IEnumerable<DicomItem> items)
    {
        foreach (var item in items ?? [])
        {
            Put(item, replace: false);
        }

        return this;
    }

    /// <summary>Adds values under the VR that the dictionary gives; without values the attribute is empty.</summary>
    /// <exception cref="DicomDataException">The dictionary does not know the tag, or the values do not fit its VR.</exception>
    public DicomDataset Add<T>(DicomTag tag, params T[] values) => Put(Create(tag, values), replace: false);

    public DicomDataset Add<T>(DicomVR vr, DicomTag tag, params T[] values) => Put(ElementFactory.FromValues(vr, tag, values), replace: false);

    public DicomDataset AddOrUpdate(DicomItem item) => Put(item, replace: true);

    public DicomDataset AddOrUpdate(params DicomItem[] items) => AddOrUpdate((IEnumerable<DicomItem>)items);

    public DicomDataset AddOrUpdate(IEnumerable<DicomItem> items)
    {
        foreach (var item in items ?? [])
        {
            Put(item, replace: true);
        }

        return this;
    }

    /// <summary>As Add, but replaces. A private attribute that is there already keeps its VR.</summary>
    public DicomDataset AddOrUpdate<T>(DicomTag tag, params T[] values) => Put(Create(tag, values), replace: true);

    public DicomDataset AddOrUpdate<T>(DicomVR vr, DicomTag tag, params T[] values) => Put(ElementFactory.FromValues(vr, tag, values), replace: true);

    public DicomDataset Remove(params DicomTag[] tags)
    {
        foreach (var tag in tags)
        {
            if (Resolve(tag) is { } resolved)
            {
                _items.Remove(resolved.Number);
            }
        }

        return this;
    }

    public DicomDataset Remove(Func<DicomItem, bool> selector)
    {
        foreach (var item in _items.Values.Where(selector).ToArray())
        {
            _items.Remove(item.Tag.Number);
        }

        return this;
    }

    public DicomDataset Clear()
    {
        _items.Clear();
        return this;
    }

    /// <summary>Puts all items into <paramref name="destination"/>, replacing what is there.</summary>
    public DicomDataset CopyTo(DicomDataset destination) => CopyItems(destination, this);

    /// <summary>Puts the items of <paramref name="tags"/> that are present into <paramref name="destination"/>.</summary>
    public DicomDataset CopyTo(DicomDataset destination, params DicomTag[] tags) =>
        CopyItems(destination, tags.Select(Find).OfType<DicomItem>());

    /// <summary>Puts an item as it was read: no validation, the last of several with one tag wins. The number of items after it.</summary>
    internal int PutRead(DicomItem item)
    {
        var number = item.Tag.Number;
        _items[number] = item;
        return _items.Count == 0 || _items.GetKeyAtIndex(_items.Count - 1) == number ? 0 : _items.Count - 1 - _items.IndexOfKey(number);
    }

    private DicomDataset CopyItems(DicomDataset destination, IEnumerable<DicomItem> items)
    {
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var item in items.ToArray())
        {
            destination.Put(item, replace: true);
        }

        return this;
    }

    private DicomItem Create<T>(DicomTag tag, T[] values)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var known = tag.DictionaryEntry != DicomDictionary.UnknownTag;
        return ElementFactory.FromValues(!known && Find(tag) is { } present ? present.ValueRepresentation : ElementFactory.Infer<T>(tag), tag, values);
    }

    private DicomDataset Put(DicomItem? item, bool replace)
    {
        if (item is null)
        {
            return this;
        }

        ValidateTag(item.Tag);
        if (IsValidated)
        {
            item.Validate();
        }

        var placed = item.Tag.HasCreator ? Place(item) : item;
        if (replace)
        {
            _items[placed.Tag.Number] = placed;
        }
        else
        {
            _items.Add(placed.Tag.Number, placed);
        }

        return this;
    }
}
