using HSENet.Dicom.Phantoms;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Vision;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Draws phantoms and brings each through the preprocessing that the model ships with; nothing is written to disk.</summary>
internal sealed class DemoCorpus
{
    /// <summary>Every so many cases is drawn on a finer grid, as a scanner's series is, and reaches the network's grid by resampling.</summary>
    private const int FineEvery = 8;

    private const int EnoughVoxels = 24;
    private static readonly (int, int, int) s_grid = (32, 64, 64);
    private static readonly (int, int, int) s_fine = (64, 128, 128);

    private readonly VolumePreprocessor _preprocessor;
    private readonly Vit3DConfig _tower;
    private readonly int _sliceImage;

    public DemoCorpus(ModelConfiguration configuration)
    {
        _tower = configuration.Vision!.ToConfig();
        _preprocessor = new(configuration.Preprocessing!.ToSpec(configuration.Vision!, configuration.Slices!));
        _sliceImage = configuration.Slices!.Encoder!.Image;
    }

    /// <param name="count">Cases.</param>
    /// <param name="seed">Of the corpus: no case of one seed is a case of another.</param>
    /// <param name="mixed">Some on a finer grid; false: all as <c>phantoms</c> writes them.</param>
    public DemoCase[] Draw(int count, int seed, bool mixed)
    {
        var cases = new DemoCase[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => cases[i] = Make(seed, i, mixed && i % FineEvery == 0 ? s_fine : s_grid));
        return cases;
    }

    private DemoCase Make(int seed, int index, (int, int, int) grid)
    {
        var options = new PhantomCorpusOptions { Count = index + 1, Seed = seed, Size = grid };
        var (drawn, item) = PhantomCorpus.Make(options, index);
        var volume = drawn.Volume;
        var prepared = _preprocessor.Run(
            new CtInput
            {
                Hu = volume.Hu,
                Shape = (volume.SliceCount, volume.Rows, volume.Columns),
                SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
                Axes = (volume.Axes.Slice, volume.Axes.Row, volume.Axes.Column),
            },
            CancellationToken.None);
        var stack = prepared.Slices;
        var squares = new byte[stack.Count * _sliceImage * _sliceImage];
        for (var s = 0; s < stack.Count; s++)
        {
            SliceImages.ToSquare(stack.Slice(s), stack.Height, stack.Width, _sliceImage).CopyTo(squares.AsSpan(s * _sliceImage * _sliceImage));
        }

        var (patches, slices) = Targets(PhantomMask.Create(PhantomCorpus.CaseSeed(seed, index), s_grid.Item1, s_grid.Item2, s_grid.Item3, options.Findings));
        return new(item, Array.ConvertAll(prepared.Volume, value => (Half)value), squares, patches, slices, DemoTraits.Of(drawn.Findings));
    }

    /// <summary>What each patch and slice shows. The mask's axes are S, P, L, the network's S, L, P.</summary>
    private (byte[] Patches, byte[] Slices) Targets(ushort[] mask)
    {
        var (depth, rows, columns) = s_grid;
        var kinds = DemoTraits.Kinds.Count;
        var (_, gridH, gridW) = _tower.Grid;
        var (patches, slices) = (new int[_tower.Tokens * kinds], new int[depth * kinds]);
        for (var voxel = 0; voxel < mask.Length; voxel++)
        {
            if (mask[voxel] == 0)
            {
                continue;
            }

            var (z, y, x) = (voxel / (rows * columns), voxel / columns % rows, voxel % columns);
            var patch = (((z / _tower.PatchDepth * gridH) + (x / _tower.PatchHeight)) * gridW) + (y / _tower.PatchWidth);
            for (var kind = 0; kind < kinds; kind++)
            {
                var here = (mask[voxel] >> kind) & 1;
                patches[(patch * kinds) + kind] += here;
                slices[(z * kinds) + kind] += here;
            }
        }

        return (
            Array.ConvertAll(patches, count => (byte)Math.Min(255, count * 255 / EnoughVoxels)),
            Array.ConvertAll(slices, count => (byte)(count > EnoughVoxels / 4 ? 1 : 0)));
    }
}
