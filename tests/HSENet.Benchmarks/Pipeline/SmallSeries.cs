using System.Diagnostics;
using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>A series as small as one that gets a report may be: 8 slices of 32 x 32, a study of its own.</summary>
internal static class SmallSeries
{
    public const int SliceCount = 8;

    public static CtSeriesBuilder Of(int number) => new() { SliceCount = SliceCount, Identity = $"{Environment.ProcessId}-{number}" };

    /// <summary>Sends it on an association of its own.</summary>
    /// <returns>What was sent, with the time of the last answer.</returns>
    /// <exception cref="InvalidOperationException">An answer is not 0000.</exception>
    public static async Task<SentSeries> SendAsync(int port, int number)
    {
        var series = Of(number);
        var files = Enumerable.Range(0, SliceCount).Select(slice => new DicomFile(series.DataSet(slice))).ToList();
        var begun = Stopwatch.GetTimestamp();
        var node = new RemoteNode("127.0.0.1", port, CalledAe: "HSENET", CallingAe: "SCANNER");
        var outcomes = await StoreScu.SendAsync(node, files, null, CancellationToken.None);
        return outcomes.All(outcome => outcome is SendOutcome.Stored)
            ? new SentSeries(number, series.SeriesUid, DateTime.UtcNow, Stopwatch.GetElapsedTime(begun).TotalSeconds)
            : throw new InvalidOperationException($"series {number}: {outcomes.First(outcome => outcome is not SendOutcome.Stored)}");
    }
}

/// <summary>A series of which every instance was answered with 0000.</summary>
internal sealed record SentSeries(int Number, string SeriesUid, DateTime AnsweredAt, double SendSeconds);
