using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>What DCMTK and GDCM encode is decoded bit for bit as they decode it, and as it was.</summary>
public sealed class PeerEncoderTests : IDisposable
{
    private readonly TempFolder _folder = new("codecs");

    public static TheoryData<int, int, bool> Formats => new() { { 16, 12, false }, { 16, 16, false }, { 16, 16, true }, { 8, 8, false } };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task JPEG_Lossless_of_DCMTK_with_every_predictor(int allocated, int stored, bool isSigned)
    {
        foreach (var pattern in CodedImage.Patterns)
        {
            for (var predictor = 0; predictor <= 7; predictor++)
            {
                string[] options = predictor == 0 ? ["+e1"] : ["+el", "+sv", $"{predictor}"];
                await AgreeAsync(new(allocated, stored, isSigned, pattern), ["dcmcjpeg", .. options], ["dcmdjpeg"]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task JPEG_Lossless_of_DCMTK_in_fragments_of_one_kilobyte(int allocated, int stored, bool isSigned) =>
        await AgreeAsync(new(allocated, stored, isSigned, "noise"), ["dcmcjpeg", "+e1", "+fs", "1"], ["dcmdjpeg"]);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task JPEG_Lossless_of_GDCM(int allocated, int stored, bool isSigned) =>
        await AgreeAllAsync(allocated, stored, isSigned, ["gdcmconv", "--jpeg"], ["gdcmconv", "--raw"]);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task RLE_of_DCMTK(int allocated, int stored, bool isSigned) =>
        await AgreeAllAsync(allocated, stored, isSigned, ["dcmcrle"], ["dcmdrle"]);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task RLE_of_GDCM(int allocated, int stored, bool isSigned) =>
        await AgreeAllAsync(allocated, stored, isSigned, ["gdcmconv", "--rle"], ["gdcmconv", "--raw"]);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_deflated_data_set(int allocated, int stored, bool isSigned) =>
        await AgreeAllAsync(allocated, stored, isSigned, ["dcmconv", "+td"], ["dcmconv", "+te"]);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Big_endian(int allocated, int stored, bool isSigned) =>
        await AgreeAllAsync(allocated, stored, isSigned, ["dcmconv", "+tb"], ["dcmconv", "+te"]);

    /// <summary>By a tool that leaves the header as it is; dcmcjpeg adds a Derivation Description.</summary>
    [Fact]
    public async Task Copies_of_a_slice_with_and_without_compression_are_one_slice()
    {
        var builder = new CtSeriesBuilder();
        var files = builder.Write(_folder.Folder("raw")).ToList();
        var coded = _folder.Folder("coded");
        foreach (var file in files.ToArray())
        {
            files.Add(Path.Combine(coded, Path.GetFileName(file)));
            var result = await Dcmtk.RunAsync("dcmcrle", file, files[^1]);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(VolumeReader.Read(files, default)).Volume.Hu);

        builder = builder with { EditPixels = (_, pixels) => [(byte)(pixels[0] ^ 1), .. pixels[1..]] };
        SeriesAssert.Refused(RefusalReason.ConflictingInstances, [.. builder.Write(_folder.Folder("other")), .. files.TakeLast(builder.SliceCount)]);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AgreeAllAsync(int allocated, int stored, bool isSigned, string[] encode, string[] decode)
    {
        foreach (var pattern in CodedImage.Patterns)
        {
            // GDCM's RLE encoder stops at an assertion where a frame of bytes has an odd number of rows
            await AgreeAsync(new(allocated, stored, isSigned, pattern, Rows: allocated == 8 && encode[0] == "gdcmconv" ? 52 : 53), encode, decode);
        }
    }

    private async Task AgreeAsync(CodedImage image, string[] encode, string[] decode)
    {
        var raw = image.Write(_folder.Path("raw.dcm"));
        var (coded, back) = (_folder.Path("coded.dcm"), _folder.Path("back.dcm"));
        foreach (var (tool, from, to) in new[] { (encode, raw, coded), (decode, coded, back) })
        {
            var result = await Dcmtk.RunAsync(tool[0], [.. tool[1..], from, to]);
            Assert.True(result.ExitCode == 0, $"{string.Join(' ', tool)}: {result.Error}");
        }

        var values = CodedImage.Decode(coded);
        Assert.True(image.Values().AsSpan().SequenceEqual(values), $"{image}: other values than were encoded ({string.Join(' ', encode)})");
        Assert.True(CodedImage.Decode(back).AsSpan().SequenceEqual(values), $"{image}: other values than {decode[0]} has");
    }
}
