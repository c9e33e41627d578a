namespace FellowOakDicom;

/// <content>
/// Reading values. The Get methods throw, the Try methods and those with a default do not. What the Try methods give back is not
/// annotated as possibly null, since the package does not do so: the same code then compiles against either.
/// </content>
public partial class DicomDataset
{
    /// <summary>The item, or null when it is missing or of another class.</summary>
    public T GetDicomItem<T>(DicomTag tag)
        where T : DicomItem => (Find(tag) as T)!;

    /// <exception cref="DicomDataException">Missing, or not a sequence.</exception>
    public DicomSequence GetSequence(DicomTag tag) =>
        TryGetSequence(tag, out var sequence) ? sequence : throw Missing(tag, "a sequence");

    public bool TryGetSequence(DicomTag tag, out DicomSequence sequence)
    {
        sequence = (Find(tag) as DicomSequence)!;
        return sequence is not null;
    }

    /// <exception cref="DicomDataException">Missing, or not an element with values.</exception>
    public int GetValueCount(DicomTag tag) => Element(tag).Count;

    /// <exception cref="DicomDataException">Missing, fewer values, or not convertible.</exception>
    public T GetValue<T>(DicomTag tag, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        RefuseArray<T>();
        return Element(tag).Get<T>(index);
    }

    public bool TryGetValue<T>(DicomTag tag, int index, out T elementValue) =>
        Try(tag, index, element => element.Get<T>(index), out elementValue);

    public T GetValueOrDefault<T>(DicomTag tag, int index, T defaultValue) => TryGetValue<T>(tag, index, out var value) ? value : defaultValue;

    /// <summary>All values; none when the attribute is empty.</summary>
    /// <exception cref="DicomDataException">Missing, or not convertible.</exception>
    public T[] GetValues<T>(DicomTag tag) => Element(tag).Get<T[]>();

    public bool TryGetValues<T>(DicomTag tag, out T[] values) => Try(tag, -1, element => element.Get<T[]>(), out values);

    /// <exception cref="DicomDataException">Missing, empty, more than one value, or not convertible.</exception>
    public T GetSingleValue<T>(DicomTag tag)
    {
        RefuseArray<T>();
        var element = Element(tag);
        return element.Count == 1 ? element.Get<T>(0) : throw new DicomDataException($"{tag} has {element.Count} values, not one");
    }

    public bool TryGetSingleValue<T>(DicomTag tag, out T value)
    {
        value = default!;
        return Find(tag) is DicomElement { Count: 1 } && TryGetValue(tag, 0, out value);
    }

    public T GetSingleValueOrDefault<T>(DicomTag tag, T defaultValue) => TryGetSingleValue<T>(tag, out var value) ? value : defaultValue;

    /// <summary>All values as text, separated by backslashes; an empty text when the attribute is empty.</summary>
    /// <exception cref="DicomDataException">Missing, or a sequence.</exception>
    public string GetString(DicomTag tag) => Element(tag).Get<string>();

    public bool TryGetString(DicomTag tag, out string stringValue)
    {
        stringValue = (Find(tag) as DicomElement)?.Get<string>()!;
        return stringValue is not null;
    }

    private static bool Try<T>(DicomElement? element, int index, Func<DicomElement, T> read, out T value)
    {
        value = default!;
        if (element is null || index >= element.Count)
        {
            return false;
        }

        try
        {
            value = read(element);
            return true;
        }
        catch (DicomDataException)
        {
            return false;
        }
    }

    private static void RefuseArray<T>()
    {
        if (typeof(T).IsArray)
        {
            throw new DicomDataException("An array is read with GetValues");
        }
    }

    private bool Try<T>(DicomTag tag, int index, Func<DicomElement, T> read, out T value)
    {
        if (typeof(T).IsArray && index >= 0)
        {
            value = default!;
            return false;
        }

        return Try(Find(tag) as DicomElement, index, read, out value);
    }

    private DicomElement Element(DicomTag tag) => Find(tag) as DicomElement ?? throw Missing(tag, "an element with values");

    private DicomDataException Missing(DicomTag tag, string kind) =>
        new(Contains(tag) ? $"{tag} is not {kind}" : $"{tag} is missing");
}
