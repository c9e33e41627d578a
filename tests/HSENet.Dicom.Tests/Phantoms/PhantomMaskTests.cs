using HSENet.Dicom.Phantoms;

namespace HSENet.Dicom.Tests.Phantoms;

public sealed class PhantomMaskTests
{
    private static readonly PhantomFindingOptions s_options = new();

    [Fact]
    public void A_mask_has_each_kind_of_the_case_and_no_other()
    {
        var seen = 0;
        for (var seed = 1ul; seed <= 40; seed++)
        {
            var kinds = ChestPhantom.CreateCase(seed, 32, 64, 64, s_options).Findings.Aggregate(0, (bits, finding) => bits | (1 << (int)finding.Kind));
            Assert.Equal(kinds, PhantomMask.Create(seed, 32, 64, 64, s_options).Aggregate(0, (bits, voxel) => bits | voxel));
            seen |= kinds;
        }

        Assert.Equal((1 << (int)PhantomFindingKind.Atelectasis) - 1, seen);       // the nine kinds that are drawn without being asked for
    }

    [Theory]
    [InlineData(PhantomFindingKind.Nodule, -100, 200)]
    [InlineData(PhantomFindingKind.PleuralEffusion, -100, 120)]
    [InlineData(PhantomFindingKind.Pneumothorax, -1024, -250)]
    [InlineData(PhantomFindingKind.Emphysema, -1024, -850)]
    public void Voxels_of_a_finding_alone_have_its_density(PhantomFindingKind kind, int low, int high)
    {
        var (inside, all) = (0, 0);
        for (var seed = 1ul; seed <= 40; seed++)
        {
            var hu = ChestPhantom.CreateCase(seed, 32, 64, 64, s_options).Volume.Hu;
            var mask = PhantomMask.Create(seed, 32, 64, 64, s_options);
            all += mask.Count(voxel => voxel == 1 << (int)kind);
            inside += mask.Zip(hu).Count(voxel => voxel.First == 1 << (int)kind && voxel.Second >= low && voxel.Second <= high);
        }

        Assert.InRange(all, 200, int.MaxValue);
        Assert.True(inside > 0.75 * all, $"{inside} of {all}");     // heart and mediastinum cover some of it
    }
}
