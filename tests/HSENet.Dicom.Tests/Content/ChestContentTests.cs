using System.Numerics;
using HSENet.Dicom.Content;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Content;

/// <summary>The check of pixels on the real chests at hand, on parts of them, on phantoms, and on what is no chest.</summary>
public sealed class ChestContentTests
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
    [InlineData("abdomen with gas")]
    public void What_is_no_chest_is_refused(string what)
    {
        Func<Vector3, int> hu = what switch
        {
            "water" => p => InDisc(p, 100) ? 0 : -1000,
            "water with holes of air" => p => !InDisc(p, 100) ? -1000 : InDisc(p with { X = p.X - 50 }, 12) || InDisc(p with { X = p.X + 50 }, 12) ? -1000 : 0,
            "foam" => p => InDisc(p, 100) ? -900 : -1000,
            "head" => Head,
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
