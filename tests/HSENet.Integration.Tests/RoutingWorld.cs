using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Configuration;

namespace HSENet.Integration.Tests;

/// <summary>Series of one study, and rules for them.</summary>
internal static class RoutingWorld
{
    public const string StudyUid = "2.25.4711";

    public const string EveryCt = "Modality == \"CT\"";

    /// <summary>A series of the study: the body is the same, the slices lie as far apart as told.</summary>
    public static CtSeriesBuilder Series(string identity, double spacingMm = 5, string kernel = "Br40d", int? sliceCount = null) => new()
    {
        Identity = identity,
        SliceSpacingMm = spacingMm,
        SliceCount = sliceCount ?? (int)(60 / spacingMm),
        Edit = (_, d) =>
        {
            d.AddOrUpdate(DicomTag.StudyInstanceUID, StudyUid);
            d.AddOrUpdate(DicomTag.PatientID, "BUILT-study");
            d.AddOrUpdate(DicomTag.SeriesDescription, identity);
            d.AddOrUpdate(DicomTag.ConvolutionKernel, kernel);
        },
    };

    public static RouteOptions Route(string name, string when = EveryCt, string mode = "draft", string priority = "routine", string perStudy = "best") =>
        new() { Name = name, When = when, Mode = mode, Priority = priority, PerStudy = perStudy };

    /// <summary>Series descriptions of the series that jobs were made of, with the jobs' states, oldest job first.</summary>
    public static Task<IReadOnlyList<string>> JobsAsync(this ServiceWorld world) => world.QueryAsync<string>($"""
        select case s.series_uid {string.Join(' ', new[] { "thick", "thin", "sharp", "late" }.Select(i => $"when '{Series(i).SeriesUid}' then '{i}'"))} else '?' end
               || ' ' || j.route || ' ' || j.state
          from job j join series s using (series_key) order by j.created_at
        """);

    /// <summary>Series that arrive side by side: none closes before all are here.</summary>
    public static async Task PushTogetherAsync(this ServiceWorld world, params CtSeriesBuilder[] series)
    {
        var sender = await world.ConnectAsync();
        foreach (var one in series)
        {
            for (var slice = 0; slice < one.SliceCount; slice++)
                await sender.StoreAsync(one, slice);
        }

        await sender.EndAsync();
    }

    /// <summary>SOP Instance UID that a report names as its predecessor; null for none.</summary>
    public static async Task<string?> PredecessorAsync(byte[] document)
    {
        var report = await DicomFile.OpenAsync(new MemoryStream(document));
        return !report.Dataset.Contains(DicomTag.PredecessorDocumentsSequence)
            ? null
            : report.Dataset.GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetSingleValue<string>(DicomTag.ReferencedSOPInstanceUID);
    }
}
