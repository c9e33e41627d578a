using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.Model.Preprocessing;
using HSENet.Model.Tests.Nifti;
using HSENet.TestKit;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Data;

/// <summary>Small phantoms in a folder, in every form that a manifest can name.</summary>
internal sealed class PhantomStudies : IDisposable
{
    public static PreprocessSpec Spec { get; } = new() { Image = (8, 32, 32), SpacingMm = (10, 6, 6), SliceCount = 6 };

    public TempFolder Folder { get; } = new("studies");

    public string Cache => Folder.Path("cache");

    public static CtVolume Draw(ulong seed) => ChestPhantom.CreateCase(seed, 32, 64, 72, new()).Volume;

    public static ManifestItem Item(string id, string volume) => new() { Id = id, Volume = volume, Findings = $"Findings of {id}." };

    /// <summary>As <c>hu</c> files.</summary>
    public StudyManifest Write(int count)
    {
        var items = Enumerable.Range(0, count).Select(i => Item($"case-{i}", $"case-{i}.safetensors")).ToList();
        for (var i = 0; i < count; i++)
        {
            HuVolumeFile.Write(Folder.Path(items[i].Volume), Draw((ulong)i));
        }

        return new(Folder.Root, items, []);
    }

    public string WriteDicom(string name, CtVolume volume)
    {
        PhantomSeries.Write(volume, Folder.Path(name), new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]));
        return name;
    }

    /// <summary>The volume (axes S, P, L) as NIfTI whose i and j run as <paramref name="directions"/> says.</summary>
    public string WriteNifti(string name, CtVolume volume, string directions = "LPS", Func<double, double>? store = null, Func<NiftiBuilder, NiftiBuilder>? change = null)
    {
        var (slices, rows, columns) = (volume.SliceCount, volume.Rows, volume.Columns);
        double Voxel(int i, int j, int k)
        {
            var (column, row, slice) = (directions[0] == 'L' ? i : columns - 1 - i, directions[1] == 'P' ? j : rows - 1 - j, directions[2] == 'S' ? k : slices - 1 - k);
            double hu = volume.Hu[(((slice * rows) + row) * columns) + column];
            return store is null ? hu : store(hu);
        }

        var builder = new NiftiBuilder
        {
            Shape = (columns, rows, slices),
            SpacingMm = (volume.ColumnSpacingMm, volume.RowSpacingMm, volume.SliceSpacingMm),
            Directions = directions,
            Value = Voxel,
            IsGzip = name.EndsWith(".gz", StringComparison.Ordinal),
        };
        (change is null ? builder : change(builder)).Write(Folder.Path(name));
        return name;
    }

    public ManifestTrainingData Prepare(StudyManifest manifest, PreprocessSpec? spec = null, ISliceFeatureEncoder? encoder = null, Func<TrainingDataOptions, TrainingDataOptions>? change = null)
    {
        var options = new TrainingDataOptions { CacheDirectory = Cache, Workers = 2, Features = encoder is null ? SliceFeatureUse.None : SliceFeatureUse.Encoder };
        return ManifestTrainingData.Prepare(manifest, spec ?? Spec, encoder, change is null ? options : change(options), null, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Folder.Dispose();
}
