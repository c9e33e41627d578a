using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Phantoms;

public class PhantomFindingTests
{
    private const int Slices = 32;
    private const int Side = 64;

    private static readonly PhantomFindingOptions s_all = new() { Prevalence = 0.3, Extended = true };

    [Fact]
    public void The_same_seed_draws_the_same_case_and_the_grid_changes_no_finding()
    {
        var (first, again) = (ChestPhantom.CreateCase(5, Slices, Side, Side, s_all), ChestPhantom.CreateCase(5, Slices, Side, Side, s_all));
        Assert.Equal(first.Volume.HuSha256(), again.Volume.HuSha256());
        Assert.Equal(first.Findings, ChestPhantom.CreateCase(5, 8, 16, 16, s_all).Findings);
        Assert.NotEqual(first.Volume.HuSha256(), ChestPhantom.CreateCase(6, Slices, Side, Side, s_all).Volume.HuSha256());
    }

    [Fact]
    public void Without_findings_a_case_is_the_healthy_chest()
    {
        var healthy = ChestPhantom.CreateCase(7, Slices, Side, Side, new() { Prevalence = 0 });
        Assert.Empty(healthy.Findings);
        Assert.Equal(ChestPhantom.Create(7, Slices, Side, Side).HuSha256(), healthy.Volume.HuSha256());
    }

    [Fact]
    public void Each_kind_comes_as_often_as_asked_for_and_the_optional_ones_only_then()
    {
        const int Count = 2000;
        var cases = Enumerable.Range(0, Count).Select(seed => Findings((ulong)seed, new()).Findings).ToArray();
        foreach (var kind in Enum.GetValues<PhantomFindingKind>())
        {
            var share = (double)cases.Count(findings => findings.Any(finding => finding.Kind == kind)) / Count;
            if (kind < PhantomFindingKind.Atelectasis)
                Assert.InRange(share, 0.21, 0.29);
            else
                Assert.Equal(0, share);
        }

        Assert.InRange((double)cases.Count(findings => findings.Count == 0) / Count, 0.05, 0.10);
        Assert.InRange((double)cases.SelectMany(findings => findings).Count(finding => finding.Side == PhantomSide.Right)
            / cases.SelectMany(findings => findings).Count(finding => finding.Side is PhantomSide.Right or PhantomSide.Left), 0.45, 0.62);
    }

    [Theory]
    [InlineData(true, Slices, Side)]
    [InlineData(false, 64, 180)]
    public void What_is_told_is_there_to_be_seen(bool large, int slices, int side)
    {
        Assert.True((s_all with { Large = large }).ShowOn(slices, side, side));
        Assert.False((s_all with { Large = large }).ShowOn(slices - 1, side, side));
        Assert.False((s_all with { Large = large }).ShowOn(slices, side, side - 2));
        var seen = new HashSet<PhantomFindingKind>();
        for (var seed = 0UL; seed < (large ? 60UL : 8UL); seed++)
        {
            var findings = Findings(seed, s_all with { Large = large });
            var volume = ChestPhantom.CreateCase(seed, slices, side, side, s_all with { Large = large }).Volume;
            foreach (var drawn in findings.Drawn.Where(drawn => drawn.Layers.Count > 0))
            {
                var (inside, right) = Voxels(volume, drawn, findings.Anatomy);
                Assert.True(inside >= 8, $"seed {seed}: {drawn.Finding} covers {inside} voxels");
                Assert.True(right > 0.5 * inside, $"seed {seed}: {drawn.Finding} shows in {right} of {inside} voxels");
                seen.Add(drawn.Finding.Kind);
            }
        }

        Assert.Equal(Enum.GetValues<PhantomFindingKind>().Length - 1, seen.Count); // cardiomegaly is in the anatomy
    }

    [Fact]
    public void Side_and_lobe_are_where_the_voxels_changed()
    {
        var few = new PhantomFindingOptions { Prevalence = 0.06, Extended = true };
        var tested = new HashSet<(PhantomFindingKind, PhantomSide)>();
        for (var seed = 0UL; seed < 600; seed++)
        {
            if (Findings(seed, few).Findings is not [{ Side: PhantomSide.Right or PhantomSide.Left } finding] || !tested.Add((finding.Kind, finding.Side)))
                continue;
            var (x, y, z) = CentreOfChange(ChestPhantom.CreateCase(seed, Slices, Side, Side, few), ChestPhantom.CreateCase(seed, Slices, Side, Side, new() { Prevalence = 0 }));
            Assert.Equal(finding.Side == PhantomSide.Right, x < 180);
            if (finding.Lobe is PhantomLobe.Upper or PhantomLobe.Lower)
                Assert.Equal(finding.Lobe == PhantomLobe.Upper, z > 165);
            if (finding.Kind == PhantomFindingKind.PleuralEffusion)
                Assert.True(y > 185);
            if (finding.Kind == PhantomFindingKind.Pneumothorax)
                Assert.True(y < 185);
        }

        Assert.True(tested.Count >= 10, string.Join(' ', tested));
    }

    [Fact]
    public void Only_a_diseased_heart_is_wider_than_half_the_chest()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var findings = Findings(seed, new());
            var ratio = findings.Anatomy.Heart.HalfX / findings.Anatomy.ChestWall.HalfX;
            Assert.Equal(findings.Findings.Any(finding => finding.Kind == PhantomFindingKind.Cardiomegaly), ratio > 0.5);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_prevalence_is_a_probability(double prevalence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChestPhantom.CreateCase(1, 4, 4, 4, new() { Prevalence = prevalence }));

    private static ChestFindings Findings(ulong seed, PhantomFindingOptions options) => new(new PhantomRandom(seed), options);

    /// <summary>Voxels in the shapes of a finding, and those of them that hold one of its densities; heart and mediastinum may cover the lungs.</summary>
    private static (int Inside, int Right) Voxels(CtVolume volume, DrawnFinding drawn, ChestAnatomy anatomy)
    {
        var (inside, right) = (0, 0);
        var boxes = drawn.Layers.Select(layer => layer.Shape.Box).ToArray();
        var (z0, z1) = (boxes.Min(box => box.Z0) / volume.SliceSpacingMm, boxes.Max(box => box.Z1) / volume.SliceSpacingMm);
        var frame = volume.Rows * volume.Columns;
        var (x0, x1, y0, y1) = (boxes.Min(box => box.X0), boxes.Max(box => box.X1), boxes.Min(box => box.Y0), boxes.Max(box => box.Y1));
        for (var i = Math.Max(0, (int)z0) * frame; i < Math.Min(volume.SliceCount, (int)z1 + 1) * frame; i++)
        {
            var p = At(volume, i);
            if (p.X < x0 || p.X > x1 || p.Y < y0 || p.Y > y1)
                continue;
            var covered = drawn.InLungs && (anatomy.Heart.Contains(p) || Math.Abs(p.X - anatomy.MediastinumX) < anatomy.MediastinumHalfWidth + 20);
            if (!covered && drawn.Layers.Any(layer => layer.Shape.Contains(p)))
            {
                inside++;
                right += drawn.Layers.Any(layer => Math.Abs(volume.Hu[i] - layer.Tissue.At(p)) < 70 + 3 * layer.Texture) ? 1 : 0;
            }
        }

        return (inside, right);
    }

    private static (double X, double Y, double Z) CentreOfChange(PhantomCase ill, PhantomCase healthy)
    {
        var changed = Enumerable.Range(0, ill.Volume.Hu.Length).Where(i => Math.Abs(ill.Volume.Hu[i] - healthy.Volume.Hu[i]) > 90).Select(i => At(ill.Volume, i)).ToArray();
        return (changed.Average(p => p.X), changed.Average(p => p.Y), changed.Average(p => p.Z));
    }

    private static WorldPoint At(CtVolume volume, int i) => new(
        (i % volume.Columns + 0.5) * volume.ColumnSpacingMm,
        (i / volume.Columns % volume.Rows + 0.5) * volume.RowSpacingMm,
        (i / volume.Columns / volume.Rows + 0.5) * volume.SliceSpacingMm);
}
