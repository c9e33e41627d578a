using System.Text;

namespace FellowOakDicom.IO.Reader;

/// <param name="Fallback">For text where no character set is declared.</param>
/// <param name="Stop">Asked before each value whether to stop.</param>
/// <param name="Large">What to do with values larger than <paramref name="LargeSize"/>.</param>
/// <param name="LargeSize">Bytes.</param>
internal sealed record ReadSettings(Encoding[] Fallback, Func<ParseState, bool>? Stop, FileReadOption Large, long LargeSize)
{
    private const int DefaultLargeSize = 1 << 16;

    /// <summary>Elements and items that a data set may have.</summary>
    internal int MaximumItems { get; init; } = DatasetReader.MaximumItems;

    /// <summary>Everything into memory, ISO 646 where nothing is declared.</summary>
    internal static readonly ReadSettings Whole = new(DicomEncoding.DefaultArray, null, FileReadOption.ReadAll, DefaultLargeSize);

    internal static ReadSettings From(Encoding? fallback, Func<ParseState, bool>? stop, FileReadOption option, int largeObjectSize, bool isFile) =>
        new(
            fallback is null || fallback.CodePage == DicomEncoding.Default.CodePage ? DicomEncoding.DefaultArray : [fallback],
            stop,
            option != FileReadOption.Default ? option : isFile ? FileReadOption.ReadLargeOnDemand : FileReadOption.ReadAll,
            largeObjectSize > 0 ? largeObjectSize : DefaultLargeSize);
}
