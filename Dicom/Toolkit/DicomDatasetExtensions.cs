namespace FellowOakDicom;

/// <summary>What fo-dicom adds to data sets as extension methods.</summary>
public static class DicomDatasetExtensions
{
    /// <summary>A copy with its own items and sequences; the bytes of values are shared, they are never changed in place.</summary>
    public static DicomDataset Clone(this DicomDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var copy = new DicomDataset(dataset.InternalTransferSyntax) { IsValidated = dataset.IsValidated };
        foreach (var item in dataset)
        {
            copy.PutRead(CloneItem(item));
        }

        return copy;
    }

    /// <summary>Date and time together; parts that are missing or not valid count as the first day of year 1, or midnight.</summary>
    public static DateTime GetDateTime(this DicomDataset dataset, DicomTag date, DicomTag time)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.GetSingleValueOrDefault(date, DateTime.MinValue).Date + dataset.GetSingleValueOrDefault(time, DateTime.MinValue).TimeOfDay;
    }

    /// <summary>Switches validation off for what is added from now on.</summary>
    public static DicomDataset NotValidated(this DicomDataset dataset) => WithValidation(dataset, false);

    /// <summary>Switches validation on for what is added from now on.</summary>
    public static DicomDataset Validated(this DicomDataset dataset) => WithValidation(dataset, true);

    private static DicomDataset WithValidation(DicomDataset dataset, bool on)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        dataset.IsValidated = on;
        return dataset;
    }

    private static DicomItem CloneItem(DicomItem item)
    {
        switch (item)
        {
            case DicomSequence sequence:
                return new DicomSequence(sequence.Tag, [.. sequence.Items.Select(Clone)]);
            case DicomFragmentSequence fragments:
                DicomFragmentSequence copy = fragments is DicomOtherWordFragment
                    ? new DicomOtherWordFragment(fragments.Tag) : new DicomOtherByteFragment(fragments.Tag);
                ((List<uint>)copy.OffsetTable).AddRange(fragments.OffsetTable);
                ((List<IO.Buffer.IByteBuffer>)copy.Fragments).AddRange(fragments.Fragments);
                return copy;
            default:
                return item;
        }
    }
}
