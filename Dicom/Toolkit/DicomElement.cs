using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An item with a value: zero or more values of one VR.</summary>
public abstract class DicomElement : DicomItem
{
    private protected DicomElement(DicomTag tag)
        : base(tag)
    {
    }

    /// <summary>The number of values; 0 when the attribute is present but empty.</summary>
    public abstract int Count { get; }

    /// <summary>The encoded value in little endian, padded to an even length unless it was read otherwise.</summary>
    public abstract IByteBuffer Buffer { get; }

    /// <summary>Bytes of <see cref="Buffer"/>.</summary>
    public uint Length => checked((uint)Buffer.Size);

    /// <summary>
    /// The value at <paramref name="item"/> as <typeparamref name="T"/>; with -1 the first one, or all of them when
    /// <typeparamref name="T"/> is an array (and joined by backslashes when it is a string).
    /// </summary>
    /// <exception cref="DicomDataException">There is no such value, or it cannot be read as <typeparamref name="T"/>.</exception>
    public T Get<T>(int item = -1)
    {
        if (Buffered<T>() is { } whole)
        {
            return (T)whole;
        }

        if (item == -1 && typeof(T).IsArray)
        {
            return (T)(object)AllValues(typeof(T).GetElementType()!);
        }

        if (item == -1 && typeof(T) == typeof(string))
        {
            return (T)(object)JoinedText();
        }

        var index = Math.Max(item, 0);
        if (index >= Count)
        {
            throw new DicomDataException($"{Tag} has {Count} values; number {index} was asked for");
        }

        return (T)ValueConverter.To(typeof(T), ValueAt(index), this)!;
    }

    public override void Validate()
    {
        var count = Count;
        var entry = Tag.DictionaryEntry;
        if (count > 0 && !Tag.IsPrivate && entry != DicomDictionary.UnknownTag && ValueRepresentation.IsMultiValue
            && !entry.ValueMultiplicity.Allows(count))
        {
            throw new DicomValidationException("", ValueRepresentation, $"{Tag} has {count} values, not {entry.ValueMultiplicity}");
        }
    }

    /// <summary>The value at an index below <see cref="Count"/> in its natural .NET type.</summary>
    internal abstract object ValueAt(int index);

    private protected virtual string JoinedText() =>
        string.Join('\\', Enumerable.Range(0, Count).Select(index => (string)ValueConverter.To(typeof(string), ValueAt(index), this)!));

    private protected virtual Array AllValues(Type type)
    {
        var values = Array.CreateInstance(type, Count);
        for (var index = 0; index < values.Length; index++)
        {
            values.SetValue(ValueConverter.To(type, ValueAt(index), this), index);
        }

        return values;
    }

    private object? Buffered<T>() => typeof(T) == typeof(IByteBuffer) ? Buffer : null;
}
