using System.Globalization;
using System.Numerics;
using FellowOakDicom;
using HSENet.Dicom.Content;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Codecs.Native;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Content;

/// <summary>The check of pixels on the real chests at hand, on parts of them, on phantoms, and on what is no chest.</summary>
public sealed class ChestContentTests(SystemPool pool) : IClassFixture<SystemPool>
{
    private const int PhantomCount = 200;

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung")]
    [InlineData("chest-ct/mini-lidc-0314")]
    public void A_real_chest_is_whole_also_where_the_field_of_view_cuts_its_sides(string folder)
    {
        var chest = Real(folder);
        foreach (var share in new[] { 0, 16, 8, 6, 4 })
        {
            var verdict = Judge(share == 0 ? chest : Inner(chest, chest.Columns / share));
            Assert.True(verdict.IsWholeChest, $"1/{share}: {verdict}");
        }
    }

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung")]
    [InlineData("chest-ct/mini-lidc-0314")]
    public void A_chest_whose_header_turns_it_over_is_refused(string folder)
    {
        var chest = Real(folder);
        Assert.Equal(RefusalReason.ContradictedOrientation, Judge(Flipped(chest, slices: true, rows: false)).Reason);
        Assert.Equal(RefusalReason.ContradictedOrientation, Judge(Flipped(chest, slices: false, rows: true)).Reason);
        Assert.True(Judge(Flipped(chest, slices: false, rows: true) with { Axes = ('S', 'A', 'L') }).IsWholeChest);
    }

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", 24, 40, "bases")]
    [InlineData("chest-ct/lung-dx-a0001-lung", 0, 40, "apices")]
    [InlineData("chest-ct/lung-dx-a0001-lung", 20, 16, "apices bases")]
    [InlineData("chest-ct/mini-lidc-0314", 15, 40, "bases")]
    [InlineData("chest-ct/mini-lidc-0314", 0, 40, "apices")]
    [InlineData("chest-ct/mini-lidc-0314", 16, 8, "apices bases")]
    public void A_part_of_a_chest_is_one_that_lacks_an_end(string folder, int first, int count, string missing)
    {
        var verdict = Judge(Slices(Real(folder), first, count));
        Assert.Null(verdict.Reason);
        Assert.Equal(missing, string.Join(' ', verdict.MissingEnds));
    }

    [Fact]
    public void The_upper_abdomen_of_a_real_scan_is_refused()
    {
        var chest = Real("chest-ct/lung-dx-a0001-lung");
        Assert.Equal(RefusalReason.NoLung, Judge(Slices(chest, 0, 8)).Reason);
    }

    [Fact]
    public void An_abdomen_that_shows_the_bases_of_the_lungs_at_its_top_is_refused()
    {
        var chest = Real("chest-ct/lung-dx-a0001-lung");
        var abdomen = Enumerable.Range(0, 40).Select(i => i / 8 % 2 == 0 ? i % 8 : 7 - i % 8).ToArray();     // the lowest eight slices, to and fro: 200 mm
        Assert.Equal(RefusalReason.OtherRegion, Judge(Slices(chest, [.. abdomen, .. Enumerable.Range(8, 6)])).Reason);
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(60, 40)]
    [InlineData(60, 50)]
    [InlineData(100, 20)]
    [InlineData(100, 50)]
    [InlineData(100, 80)]
    [InlineData(150, 30)]
    [InlineData(150, 80)]
    public void A_short_abdomen_that_shows_the_bases_of_the_lungs_is_refused(int lengthMm, int lungMm)
    {
        var chest = Real("chest-ct/lung-dx-a0001-lung");
        Assert.Equal(RefusalReason.OtherRegion, Judge(Abdomen(chest, lengthMm / 5, lungMm / 5, below: 7)).Reason);
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(60, 40)]
    [InlineData(100, 50)]
    [InlineData(100, 80)]
    [InlineData(150, 80)]
    public void So_is_one_whose_one_lung_comes_down_further_than_the_other(int lengthMm, int lungMm)
    {
        // 20 mm of the left one alone are none
        var reason = Judge(Abdomen(Real("chest-ct/mini-lidc-0314"), lengthMm / 5, lungMm / 5, below: 6)).Reason;
        Assert.Equal(lungMm > 20 ? RefusalReason.OtherRegion : RefusalReason.NoLung, reason);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(300)]
    public void A_chest_that_goes_on_into_the_abdomen_and_lacks_the_apices_is_a_chest_in_part(int abdomenMm)
    {
        var verdict = Judge(Abdomen(Real("chest-ct/lung-dx-a0001-lung"), (abdomenMm + 150) / 5, 30, below: 7));
        Assert.Null(verdict.Reason);
        Assert.Equal(["apices"], verdict.MissingEnds);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public void A_neck_that_shows_the_apices_of_the_lungs_is_refused(int lungMm)
    {
        var (chest, lung) = (Real("chest-ct/mini-lidc-0314"), lungMm / 5);
        int[] neck = [.. Enumerable.Range(48 - lung, lung + 7), .. Enumerable.Range(48, 7).Reverse()];
        Assert.Equal(RefusalReason.OtherRegion, Judge(Slices(chest, neck)).Reason);
    }

    [Theory]
    [InlineData(56, 8)]
    [InlineData(58, 6)]
    public void Shoulders_with_blankets_between_back_and_table_are_refused(int first, int count) =>
        Assert.NotNull(Judge(Slices(Real("chest-ct/lung-dx-a0001-lung"), first, count)).Reason);

    [Fact]
    public void A_small_child_needs_less_lung_than_an_adult()
    {
        var chest = Slices(Real("chest-ct/lung-dx-a0001-lung"), 0, 35);
        var (slice, row, column) = (chest.SliceSpacingMm / 3, chest.RowSpacingMm / 3, chest.ColumnSpacingMm / 3);
        var child = chest with { SliceSpacingMm = slice, RowSpacingMm = row, ColumnSpacingMm = column };
        Assert.Null(Judge(child).Reason);
        Assert.Equal(RefusalReason.OtherRegion, Judge(Slices(child, 0, 16)).Reason);
    }

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", 12)]
    [InlineData("chest-ct/lung-dx-a0001-lung", 28)]
    [InlineData("chest-ct/mini-lidc-0314", 16)]
    [InlineData("chest-ct/mini-lidc-0314", 24)]
    public void A_slab_of_the_middle_of_a_chest_that_is_turned_back_to_front_is_refused(string folder, int first)
    {
        var slab = Slices(Real(folder), first, 16);
        Assert.Null(Judge(slab).Reason);
        Assert.Equal(RefusalReason.ContradictedOrientation, Judge(Flipped(slab, slices: false, rows: true)).Reason);
    }

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", 48, 8)]
    [InlineData("chest-ct/mini-lidc-0314", 4, 16)]
    public void A_slab_that_lies_right_is_not_called_turned_where_collar_bones_lie_in_front(string folder, int first, int count) =>
        Assert.Null(Judge(Slices(Real(folder), first, count)).Reason);

    [Fact]
    public void A_lung_full_of_opacities_is_a_lung()
    {
        var verdict = Judge(Repeated(SharedData.Path("data/single-slices/ny-sbu-a046441_axial_toshiba_diffuse-opacities.dcm")));
        Assert.Null(verdict.Reason);
        Assert.InRange(verdict.Measures.LargestLungShare, 0.07, 0.1);
    }

    [Fact]
    public async Task A_lung_that_is_nearly_clear_is_one()
    {
        using var folder = new TempFolder("clear");
        var raw = folder.Path("raw.dcm");
        (await Dcmtk.RunAsync("dcmdjpls", SharedData.Path("data/single-slices/ny-sbu-a048383_axial_ge_jpegls.dcm"), raw)).Succeeded();
        Assert.Null(Judge(Repeated(raw)).Reason);
    }

    [Fact]
    public void Shoulders_and_a_neck_are_refused()
    {
        var slice = SharedData.Path("data/transfer-syntaxes/ctimage_1.2.840.10008.1.2.1_explicit-le.dcm");
        Assert.Equal(RefusalReason.NoLung, Judge(Repeated(slice)).Reason);
    }

    [Fact]
    public void A_head_phantom_is_refused_though_its_tilt_be_taken_away()
    {
        var files = Directory.GetFiles(SharedData.Path("data/gantry-tilt/philips-phantom-tilt-18.5"), "*.dcm");
        var slices = files.Select(f => Repeated(f, 8)).ToArray();
        var frame = slices[0].Rows * slices[0].Columns;
        short[] hu = [.. slices.SelectMany(s => s.Hu.Take(frame))];
        Assert.Equal(RefusalReason.NoLung, Judge(slices[0] with { Hu = hu, SliceCount = files.Length }).Reason);
    }

    [Fact]
    public void The_same_chest_with_a_soft_kernel_as_JPEG_2000_is_whole()
    {
        // the last file is the lowest slice; slope 1 and intercept -1024
        var files = Directory.GetFiles(SharedData.Path("data/chest-ct/lung-dx-a0001-soft-j2k"), "*.dcm");
        var values = files.OrderDescending(StringComparer.Ordinal).SelectMany(f => pool.Read(f).Values!);
        Assert.True(Judge(Real("chest-ct/lung-dx-a0001-lung") with { Hu = [.. values.Select(v => (short)(v - 1024))] }).IsWholeChest);
    }

    [Fact]
    public void A_scan_of_chest_and_abdomen_is_a_chest()
    {
        var chest = Real("chest-ct/lung-dx-a0001-lung");
        var abdomen = Enumerable.Range(0, 64).Select(i => i / 8 % 2 == 0 ? i % 8 : 7 - i % 8).ToArray();
        Assert.True(Judge(Slices(chest, [.. abdomen, .. Enumerable.Range(0, chest.SliceCount)])).IsWholeChest);
    }

    [Fact]
    public void No_phantom_chest_is_refused_and_all_are_whole()
    {
        var wrong = new List<string>();
        for (var seed = 1; seed <= PhantomCount; seed++)
        {
            var volume = seed % 2 == 0
                ? ChestPhantom.Create(seed, 40, 72, 72)
                : ChestPhantom.CreateCase((ulong)seed, 40, 72, 72, new PhantomFindingOptions()).Volume;
            if (Judge(volume) is { IsWholeChest: false } verdict)
            {
                wrong.Add($"{seed}: {verdict}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("water")]
    [InlineData("water with holes of air")]
    [InlineData("foam")]
    [InlineData("head")]
    [InlineData("head in a strapped foam holder")]
    [InlineData("head in an uneven foam holder")]
    [InlineData("abdomen with gas")]
    [InlineData("abdomen with filled bowel on one side")]
    [InlineData("abdomen with filled bowel on both sides")]
    public void What_is_no_chest_is_refused(string what)
    {
        Func<Vector3, int> hu = what switch
        {
            "water" => p => InDisc(p, 100) ? 0 : -1000,
            "water with holes of air" => p => !InDisc(p, 100) ? -1000 : InDisc(p with { X = p.X - 50 }, 12) || InDisc(p with { X = p.X + 50 }, 12) ? -1000 : 0,
            "foam" => p => InDisc(p, 100) ? -900 : -1000,
            "head" => Head,
            "head in a strapped foam holder" => p => HeadInHolder(p, unevenness: 0),
            "head in an uneven foam holder" => p => HeadInHolder(p, unevenness: 40),
            "abdomen with filled bowel on one side" => p => FilledBowel(p, isBoth: false),
            "abdomen with filled bowel on both sides" => p => FilledBowel(p, isBoth: true),
            _ => p => !InDisc(p, 150) ? -1000 : new Vector3(p.X - 60, p.Y + 60, p.Z / 3).Length() < 30 ? -1000 : 40,
        };
        var reason = Judge(Drawn(hu, 50)).Reason;
        Assert.Equal(RefusalReason.NoLung, reason);
    }

    [Theory]
    [InlineData(1024, RefusalReason.NoLung)]        // a Rescale Intercept that is not the pixels'
    [InlineData(-600, RefusalReason.ImplausibleHu)]
    [InlineData(300, RefusalReason.ImplausibleHu)]
    public void A_chest_of_implausible_HU_is_refused(int shift, RefusalReason reason)
    {
        var chest = ChestPhantom.Create(1, 40, 72, 72);
        var shifted = chest with { Hu = [.. chest.Hu.Select(hu => (short)(hu + shift))] };
        Assert.Contains(Judge(shifted).Reason, new RefusalReason?[] { reason, RefusalReason.ImplausibleHu, RefusalReason.NoLung });
    }

    [Fact]
    public void A_volume_of_one_value_is_refused()
    {
        Assert.Equal(RefusalReason.NoLung, Judge(Drawn(_ => -1000, 10)).Reason);
        Assert.NotNull(Judge(Drawn(_ => 40, 10)).Reason);
    }

    private static ContentVerdict Judge(CtVolume volume) => ChestContent.Judge(volume, ContentLimits.Default);

    private static CtVolume Real(string folder) =>
        SeriesAssert.Readable(VolumeReader.Read(Directory.GetFiles(SharedData.Path("data/" + folder), "*.dcm"), default)).Volume;

    private static CtVolume Slices(CtVolume volume, int first, int count) => Slices(volume, [.. Enumerable.Range(first, count)]);

    private static CtVolume Slices(CtVolume volume, int[] slices)
    {
        var frame = volume.Rows * volume.Columns;
        return volume with { SliceCount = slices.Length, Hu = [.. slices.SelectMany(s => volume.Hu.AsMemory(s * frame, frame).ToArray())] };
    }

    /// <summary>The lowest slices to and fro, and the lung above them.</summary>
    private static CtVolume Abdomen(CtVolume chest, int length, int lung, int below)
    {
        var abdomen = Enumerable.Range(0, length - lung).Select(i => i / below % 2 == 0 ? below - 1 - i % below : i % below).Reverse();
        return Slices(chest, [.. abdomen, .. Enumerable.Range(below, lung)]);
    }

    /// <summary>One slice of the shared data, 40 times: where no whole series of a kind is at hand.</summary>
    private static CtVolume Repeated(string path, int count = 40)
    {
        using var folder = new TempFolder("repeated");
        for (var i = 0; i < count; i++)
        {
            var dicom = DicomFile.Open(path);
            dicom.Dataset.Remove(DicomTag.GantryDetectorTilt, DicomTag.SliceLocation);
            dicom.Dataset.AddOrUpdate(DicomTag.SOPInstanceUID, $"2.25.{i + 1}");
            dicom.Dataset.AddOrUpdate(DicomTag.ImageOrientationPatient, "1", "0", "0", "0", "1", "0");
            dicom.Dataset.AddOrUpdate(DicomTag.ImagePositionPatient, "0", "0", (5 * i).ToString(CultureInfo.InvariantCulture));
            dicom.Dataset.AddOrUpdate(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL");
            dicom.Dataset.AddOrUpdate(DicomTag.BodyPartExamined, "CHEST");
            dicom.Save(folder.Path($"{i}.dcm"));
        }

        return SeriesAssert.Readable(VolumeReader.Read(Directory.GetFiles(folder.Root), default)).Volume;
    }

    private static CtVolume Inner(CtVolume volume, int margin) => Rebuilt(
        volume with { Rows = volume.Rows - 2 * margin, Columns = volume.Columns - 2 * margin }, volume, (s, r, c) => (s, r + margin, c + margin));

    private static CtVolume Flipped(CtVolume volume, bool slices, bool rows) => Rebuilt(
        volume, volume, (s, r, c) => (slices ? volume.SliceCount - 1 - s : s, rows ? volume.Rows - 1 - r : r, c));

    private static CtVolume Rebuilt(CtVolume shape, CtVolume source, Func<int, int, int, (int Slice, int Row, int Column)> from)
    {
        var hu = new short[shape.SliceCount * shape.Rows * shape.Columns];
        for (var i = 0; i < hu.Length; i++)
        {
            var (s, r, c) = from(i / (shape.Rows * shape.Columns), i / shape.Columns % shape.Rows, i % shape.Columns);
            hu[i] = source.Hu[(s * source.Rows + r) * source.Columns + c];
        }

        return shape with { Hu = hu };
    }

    /// <summary>90 x 90 pixels and slices of 4 mm; places are in mm from the middle, z to the head.</summary>
    private static CtVolume Drawn(Func<Vector3, int> hu, int slices)
    {
        const int Size = 90;
        var values = new short[slices * Size * Size];
        for (var i = 0; i < values.Length; i++)
        {
            var place = new Vector3(i % Size - Size / 2, i / Size % Size - Size / 2, i / (Size * Size) - slices / 2) * 4;
            values[i] = (short)hu(place);
        }

        return new()
        {
            Hu = values, SliceCount = slices, Rows = Size, Columns = Size, SliceSpacingMm = 4, RowSpacingMm = 4, ColumnSpacingMm = 4, Axes = ('S', 'P', 'L'),
        };
    }

    private static bool InDisc(Vector3 p, float radius) => new Vector2(p.X, p.Y).Length() < radius;

    /// <summary>Foam behind and beside the head in a shell that a strap over the forehead closes.</summary>
    private static int HeadInHolder(Vector3 p, int unevenness)
    {
        if (new Vector3(p.X / 75, p.Y / 95, p.Z / 90).Length() <= 1)
            return Head(p);
        if (p.Y is > -20 and < 120 && MathF.Abs(p.X) < 130)
            return MathF.Abs(p.X) > 122 || p.Y > 112 ? 40 : -900 + (int)(unevenness * MathF.Sin(p.X + 3 * p.Y + 7 * p.Z));
        return p.Y is <= -20 and > -32 && MathF.Abs(p.X) < 130 ? 30 : -1000;
    }

    /// <summary>Bowel 60 mm wide, full of what holds much gas.</summary>
    private static int FilledBowel(Vector3 p, bool isBoth)
    {
        if (!InDisc(p, 150))
            return -1000;
        var x = isBoth ? MathF.Abs(p.X) - 90 : p.X + 90;
        return new Vector2(x, p.Y + 20).Length() < 30 && MathF.Abs(p.Z) < 80 ? -600 + (int)(250 * MathF.Sin(p.X + 3 * p.Y + 7 * p.Z))
            : new Vector2(p.X, p.Y - 110).Length() < 15 ? 400
            : 40;
    }

    /// <summary>A skull with a brain, sinuses and mastoid cells.</summary>
    private static int Head(Vector3 p)
    {
        var r = new Vector3(p.X / 75, p.Y / 95, p.Z / 90).Length();
        return r > 1 ? -1000
            : r > 0.92 ? 900
            : new Vector3(MathF.Abs(p.X) - 20, p.Y + 70, p.Z + 40).Length() < 14 ? -1000
            : new Vector3(MathF.Abs(p.X) - 55, p.Y - 20, p.Z + 40).Length() < 10 ? -600
            : 35;
    }
}
