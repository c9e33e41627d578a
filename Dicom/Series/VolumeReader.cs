using System.Buffers;
using FellowOakDicom;
using HSENet.Dicom.Codecs;

namespace HSENet.Dicom.Series;

/// <summary>
/// Reads the files of one CT series, judges them, and builds the volume in HU. Headers first: no memory for voxels is taken before every header has passed. Then
/// one slice at a time, so that beside the volume only one instance is held.
/// </summary>
public static class VolumeReader
{
    /// <summary>Judges a series by its headers only (Pixel Data is not read).</summary>
    /// <exception cref="IOException">The storage failed; says nothing about the series.</exception>
    public static GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        Judge(files, GeometryLimits.Default, cancellationToken);

    /// <inheritdoc cref="Judge(IReadOnlyCollection{string}, CancellationToken)"/>
    public static GeometryVerdict Judge(IReadOnlyCollection<string> files, GeometryLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(limits);
        var (series, refusal) = Place(files, limits, FrameDecoders.Default, cancellationToken);
        return series is null
            ? new GeometryVerdict.Refused(refusal!.Reason, refusal.Detail)
            : new GeometryVerdict.Usable(series.SpacingMm, series.Slices.Count) { Notes = series.Notes, AccessionNumber = Told(series).Header.Accession };
    }

    /// <summary>Reads headers and pixels. Bad files and unusable series are refused by value, never by exception.</summary>
    /// <exception cref="IOException">The storage failed; says nothing about the series.</exception>
    public static SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        Read(files, GeometryLimits.Default, cancellationToken);

    /// <inheritdoc cref="Read(IReadOnlyCollection{string}, CancellationToken)"/>
    public static SeriesReading Read(IReadOnlyCollection<string> files, GeometryLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(limits);
        return Read(files, limits, FrameDecoders.Default, cancellationToken);
    }

    internal static SeriesReading Read(
        IReadOnlyCollection<string> files, GeometryLimits limits, FrameDecoders decoders, CancellationToken cancellationToken)
    {
        var (series, refusal) = Place(files, limits, decoders, cancellationToken);
        if (series is null)
            return new SeriesReading.Refused(refusal!.Reason, refusal.Detail);

        var first = series.Slices[0];
        var frameLength = first.Pixels.Rows * first.Pixels.Columns;
        var hu = new short[(long)frameLength * series.Slices.Count];
        var lost = new LossyCompression?[series.Slices.Count];
        for (var i = 0; i < series.Slices.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReadSlice(series.Slices[i], decoders, hu.AsSpan(checked(i * frameLength), frameLength), out lost[i]) is { } bad)
                return new SeriesReading.Refused(bad.Reason, bad.Detail);
        }

        if (VolumeContent.Judge(hu) is { } empty)
            return new SeriesReading.Refused(empty.Reason, empty.Detail);

        var told = Told(series);
        var (header, problem) = CtSliceReader.Open(told.Path, told.Header, FileReadOption.SkipLargeTags);
        if (header is null)
            return new SeriesReading.Refused(RefusalReason.UnreadableInstance, $"{told.SopInstanceUid}: {InstanceScan.UnparsedCode}: {problem}");

        header.Remove(DicomTag.PixelData);
        var notes = SeriesRules.WithLoss(series.Notes, lost);
        return new SeriesReading.Readable(Source(series, header, lost), Volume(series, hu)) { Notes = notes };
    }

    private static CtSlice Told(PlacedSeries series) => AccessionRule.Told([.. series.Slices.Select(s => s.Slice)]);

    private static (PlacedSeries? Series, Refusal? Refusal) Place(
        IReadOnlyCollection<string> files, GeometryLimits limits, FrameDecoders decoders, CancellationToken cancellationToken)
    {
        // every slice may have come twice
        if (files.Count > 2L * limits.MaximumSliceCount)
            return (null, new(RefusalReason.TooManySlices, $"{files.Count} files, at most {limits.MaximumSliceCount} slices are read"));

        var slices = new List<CtSlice>(files.Count);
        foreach (var path in files.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (slice, refusal) = CtSliceReader.ReadHeader(path, $"file {slices.Count + 1} of {files.Count}");
            if (slice is null)
                return (null, refusal);

            slices.Add(slice);
        }

        if (slices.Count == 0)
            return (null, new(RefusalReason.TooFewSlices, "no files"));

        var (united, conflict) = InstanceContent.Unite(slices, cancellationToken);
        if (conflict is not null)
            return (null, conflict);

        var (images, notes) = WithoutLocalizers(united);
        if (notes.Length > 0 && SeriesRules.OneSeries(united) is { } others)
            return (null, others);

        var (series, bad) = new GeometryGate(limits, decoders).Judge(images);
        return (series is null ? null : series with { Notes = [.. notes, .. series.Notes] }, bad);
    }

    /// <summary>A localizer among the slices is no slice: it is left out and told. Where nothing else is there, the gate says so.</summary>
    private static (IReadOnlyList<CtSlice> Images, SeriesNote[] Notes) WithoutLocalizers(IReadOnlyList<CtSlice> slices)
    {
        var images = slices.Where(s => !SeriesRules.IsLocalizer(s)).ToArray();
        return images.Length == slices.Count || images.Length == 0
            ? (slices, [])
            : (images, [new("series.localizer", $"{slices.Count - images.Length} of {slices.Count} instances are localizers and are no part of the volume")]);
    }

    private static Refusal? ReadSlice(PlacedSlice slice, FrameDecoders decoders, Span<short> hu, out LossyCompression? lost)
    {
        lost = slice.Slice.Lossy;
        var (dataSet, problem) = CtSliceReader.Open(slice.Slice.Path, slice.Slice.Header, FileReadOption.ReadAll);
        if (dataSet is null)
            return new(RefusalReason.UnreadableInstance, $"{slice.Slice.SopInstanceUid}: {InstanceScan.UnparsedCode}: {problem}");

        if (CtSliceReader.Text(dataSet, DicomTag.SOPInstanceUID) != slice.Slice.SopInstanceUid)
            return new(RefusalReason.ConflictingInstances, $"{slice.Slice.SopInstanceUid} changed while it was read");

        var frame = ArrayPool<byte>.Shared.Rent((int)slice.Pixels.FrameBytes);
        try
        {
            var pixels = frame.AsSpan(0, (int)slice.Pixels.FrameBytes);
            if (decoders.For(slice.Slice.Header.TransferSyntaxUid) is not { } decoder)
                return decoders.Judge(slice.Slice.Header.TransferSyntaxUid, slice.Slice.SopInstanceUid);

            var bad = decoder.Decode(dataSet, slice.Pixels, pixels);
            lost ??= CodestreamLoss.Of(dataSet, slice.Slice.Header.TransferSyntaxUid);
            return bad is null
                ? HounsfieldConversion.Convert(pixels, slice, hu)
                : new(RefusalReason.UndecodablePixels, $"{slice.Slice.SopInstanceUid}: {bad}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    private static SourceSeries Source(PlacedSeries series, DicomDataset header, LossyCompression?[] lost) => new()
    {
        StudyInstanceUid = series.Slices[0].Slice.Header.StudyInstanceUid,
        SeriesInstanceUid = series.Slices[0].Slice.Header.SeriesInstanceUid,
        Slices = [.. series.Slices.Select(s => new SourceInstance(s.Slice.Header.SopClassUid, s.Slice.SopInstanceUid, s.PositionMm))],
        Lossy = LossyCompression.Of(lost),
        Header = header,
    };

    private static CtVolume Volume(PlacedSeries series, short[] hu)
    {
        var first = series.Slices[0];
        var volume = new CtVolume
        {
            Hu = hu,
            SliceCount = series.Slices.Count,
            Rows = first.Pixels.Rows,
            Columns = first.Pixels.Columns,
            SliceSpacingMm = series.SpacingMm,
            RowSpacingMm = first.Geometry.RowSpacingMm,
            ColumnSpacingMm = first.Geometry.ColumnSpacingMm,
            Axes = series.Axes,
        };
        return series.Tilt is null ? volume : series.Tilt.Straighten(volume);
    }
}
