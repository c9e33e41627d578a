using System.Collections;

namespace FellowOakDicom;

/// <summary>
/// A set of attributes ordered by tag, as in a file, a message or a sequence item. What code adds is validated while
/// <see cref="IsValidated"/> is on; what is read never is. Not safe for writing from several threads at once.
/// </summary>
public partial class DicomDataset : IEnumerable<DicomItem>, IEquatable<DicomDataset>
{
    private readonly SortedList<uint, DicomItem> _items = [];

    public DicomDataset()
        : this(DicomTransferSyntax.ExplicitVRLittleEndian)
    {
    }

    public DicomDataset(DicomTransferSyntax internalTransferSyntax) => InternalTransferSyntax = internalTransferSyntax;

    public DicomDataset(params DicomItem[] items)
        : this((IEnumerable<DicomItem>)items)
    {
    }

    public DicomDataset(IEnumerable<DicomItem> items)
        : this()
    {
        ArgumentNullException.ThrowIfNull(items);
        Add(items);
    }

    /// <summary>The syntax the items came in, and are written in unless the writer is told otherwise.</summary>
    public DicomTransferSyntax InternalTransferSyntax { get; internal set; }

    /// <summary>True (the default) to refuse values that break the rules of their VR.</summary>
    [Obsolete("NotValidated() and Validated() say it of one data set")]
    public bool AutoValidate
    {
        get => IsValidated;
        set => IsValidated = value;
    }

    internal bool IsValidated { get; set; } = true;

    public bool Contains(DicomTag tag) => Find(tag) is not null;

    /// <summary>Checks all items, including those of sequences.</summary>
    /// <exception cref="DicomValidationException">A value breaks the rules of its VR.</exception>
    public void Validate()
    {
        foreach (var item in _items.Values)
        {
            item.Validate();
        }
    }

    /// <summary>In ascending order of tags.</summary>
    public IEnumerator<DicomItem> GetEnumerator() => _items.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"DICOM data set of {_items.Count} items";

    public override bool Equals(object? obj) => Equals(obj as DicomDataset);

    public bool Equals(DicomDataset? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Refuses tags that do not belong into this kind of data set. Elements of group 0002 are taken, as the package takes them.</summary>
    private protected virtual void ValidateTag(DicomTag tag)
    {
    }

    private protected DicomItem? Find(DicomTag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Resolve(tag) is { } resolved ? _items.GetValueOrDefault(resolved.Number) : null;
    }
}
