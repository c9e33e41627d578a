using HSENet.Dicom.Series;
using HSENet.TestKit;
using HSENet.Worker.Commands;

namespace HSENet.Worker.Tests.Reading;

/// <summary>
/// Every folder of the inputs that were made after public bug reports, with what its README calls right: the folder reader of
/// <c>process</c> and the volume.
/// </summary>
public sealed class FoundFoldersTests
{
    private const string ChestHu = "4403315599133d6a7230e463c8551b5117a54a265b05dcc3cc30b650d378f0df";

    /// <summary>Folder; <c>read</c> with the codes of its notes, or the refusal's code.</summary>
    private static readonly (string Folder, string Outcome)[] s_outcomes =
    [
        ("b01-ipp-one-decimal-1.25mm", "read"),
        ("b01d-ipp-whole-mm-2.5mm", "geometry.uneven-spacing"),
        ("b04-sq-tag-with-text-implicit", "instance.unreadable"),
        ("b08-two-kernels-interleaved", "series.mixed"),
        ("b08c-two-phases-same-positions", "series.mixed"),
        ("b09-localizer-in-series", "read series.localizer"),
        ("b13b-name-trailing-carets", "read"),
        ("b13c-name-case", "read patient.name"),
        ("b13d-issuer-in-half", "read patient.issuer"),
        ("b13e-frame-of-reference-empty-in-half", "read series.frame-of-reference"),
        ("b14a-words", "read"),
        ("b14c-words", "read"),
        ("b14d-words", "read"),
        ("b14g-words", "read"),
        ("b14h-words", "read"),
        ("b14i-words", "read"),
        ("b14j-words", "read"),
        ("b15a-image-type", "series.derived"),      // until derived axial slices are read by setting
        ("b15d-image-type", "series.derived"),      // the same
        ("b15f-image-type", "read"),
        ("b15i-image-type", "series.derived"),
        ("b26b-number-of-frames", "read"),
        ("b27d-cosines-two-decimals", "read"),
        ("b36-cd-with-viewer", "read"),
        ("b37-gap-beside-dose-report", "geometry.gap"),
    ];

    [Fact]
    public void Every_found_folder_has_its_right_outcome()
    {
        var root = SharedData.Path("data/found");
        Assert.Equal(s_outcomes.Select(o => o.Folder), Directory.GetDirectories(root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var wrong = new List<string>();
        foreach (var (folder, expected) in s_outcomes)
        {
            var (outcome, detail) = Outcome(Path.Combine(root, folder));
            if (outcome != expected)
            {
                wrong.Add($"{folder}: {outcome} instead of {expected}: {detail}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void One_decimal_gives_the_spacing_of_all_slices()
    {
        var usable = Assert.IsType<FolderChoice.Usable>(FolderReader.Choose(SharedData.Path("data/found/b01-ipp-one-decimal-1.25mm"), GeometryLimits.Default, default));
        var reading = Assert.IsType<SeriesReading.Readable>(VolumeReader.Read(usable.Series.Files, default));
        Assert.Equal(1.25, reading.Volume.SliceSpacingMm, 3);
        Assert.All(reading.Source.Slices.Select((s, i) => s.PositionMm - (reading.Source.Slices[0].PositionMm + 1.25 * i)), off => Assert.InRange(off, -0.051, 0.051));
    }

    [Fact]
    public void What_lies_beside_the_slices_of_a_CD_is_listed()
    {
        var choice = FolderReader.Choose(SharedData.Path("data/found/b36-cd-with-viewer"), GeometryLimits.Default, default);
        Assert.Equal(["VIEWER/help.chm", "VIEWER/viewer.dll", "autorun.inf"], choice.NotDicom);
    }

    private static (string Outcome, string Detail) Outcome(string folder)
    {
        var choice = FolderReader.Choose(folder, GeometryLimits.Default, default);
        if (choice is FolderChoice.Refused refused)
        {
            return (refused.Reason.Code(), refused.Detail);
        }

        switch (VolumeReader.Read(((FolderChoice.Usable)choice).Series.Files, default))
        {
            case SeriesReading.Readable { Volume: var volume, Notes: var notes }:
                return volume.HuSha256() == ChestHu ? (string.Join(' ', ["read", .. notes.Select(n => n.Code)]), "") : ("read wrong", volume.HuSha256());
            case SeriesReading.Refused no:
                return (no.Reason.Code(), no.Detail);
            default:
                return ("", "");
        }
    }
}
