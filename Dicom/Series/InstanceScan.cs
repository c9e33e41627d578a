using FellowOakDicom;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Series;

/// <summary>
/// Whether an instance can be taken: what <see cref="Part10Scan"/> says and, for a file that it found faults in, whether its header can then be parsed as the reader of
/// series will. What is acknowledged on the wire is never unreadable afterwards for a fault of its structure.
/// </summary>
public static class InstanceScan
{
    /// <summary>The scan walked over the faults of the file, but the toolkit does not get past them.</summary>
    public const string UnparsedCode = "dicom.unparsed";

    /// <summary>Elements and items of a file with faults: it is parsed while its sender waits. Real ones have hundreds.</summary>
    private const int MaximumFaultyElements = 50_000;

    /// <summary>One header at a time: what a hostile one may cost is spent once, not once for each association.</summary>
    private static readonly Lock s_oneAtATime = new();

    public static ScanResult Scan(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Scan(Part10Scan.Scan(path), path);
    }

    /// <param name="file">The file at <paramref name="path"/>, open.</param>
    /// <param name="path">Where it lies.</param>
    public static ScanResult Scan(Stream file, string path) => Scan(Part10Scan.Scan(file), path);

    private static ScanResult Scan(ScanResult scan, string path)
    {
        if (scan is not ScanResult.Sound { Header: { ToleratedFaults: > 0 } header } || !CtSliceReader.IsOpened(header))
            return scan;

        if (header.ElementCount > MaximumFaultyElements)
            return new ScanResult.Refused("dicom.items", $"more than {MaximumFaultyElements} elements and items in a file with {header.ToleratedFaults} faults");

        lock (s_oneAtATime)
        {
            var (dataSet, problem) = CtSliceReader.Open(path, header, FileReadOption.SkipLargeTags);
            return dataSet is null ? new ScanResult.Refused(UnparsedCode, $"{header.ToleratedFaults} faults, {problem}") : scan;
        }
    }
}
