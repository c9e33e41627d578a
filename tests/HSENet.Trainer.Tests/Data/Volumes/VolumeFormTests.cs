using HSENet.Model.Preprocessing;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Cache;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Tests.Data.Volumes;

public sealed class VolumeFormTests : IDisposable
{
    private readonly PhantomStudies _studies = new();

    [Fact]
    public void A_phantom_gives_the_same_tensor_from_every_form()
    {
        var volume = PhantomStudies.Draw(5);
        HuVolumeFile.Write(_studies.Folder.Path("a.safetensors"), volume);
        string[] forms =
        [
            "a.safetensors", _studies.WriteDicom("dicom", volume), _studies.WriteNifti("a.nii", volume), _studies.WriteNifti("a.nii.gz", volume),
            _studies.WriteNifti("turned.nii.gz", volume, "RAS"), _studies.WriteNifti("feet.nii", volume, "LAI"),
            _studies.WriteNifti("scaled.nii", volume, store: hu => (hu + 1000) * 2, change: b => b with { Slope = 0.5f, Intercept = -1000 }),
        ];
        using var data = _studies.Prepare(new(_studies.Folder.Root, [.. forms.Select(form => PhantomStudies.Item(form, form))], []), encoder: new CountingSliceEncoder());
        Assert.Empty(data.Bad);
        Assert.Equal(forms.Length, data.Count);

        var ready = new VolumePreprocessor(PhantomStudies.Spec).Run(DicomFolder.ToInput(volume), TestContext.Current.CancellationToken);
        var features = new CountingSliceEncoder().Encode(ready.Slices, TestContext.Current.CancellationToken);
        for (var i = 0; i < forms.Length; i++)
        {
            var read = data.Load(i);
            Assert.Equal(forms[i], read.Item.Id);
            Assert.True(HalfValues.Round(ready.Volume).AsSpan().SequenceEqual(read.Volume), forms[i]);
            Assert.Equal(features, read.SliceFeatures);
        }

        Assert.Equal(forms.Length, data.Preprocessed);
    }

    [Fact]
    public void Spacing_of_the_manifest_stands_above_that_of_the_file_in_its_own_axis_order()
    {
        var volume = PhantomStudies.Draw(5);
        HuVolumeFile.Write(_studies.Folder.Path("a.safetensors"), volume);
        _studies.WriteNifti("a.nii", volume);
        VolumeReading Read(string name, params double[]? spacing) => VolumeSource.Read(
            _studies.Folder.Path(name), PhantomStudies.Item("x", name) with { SpacingMm = spacing }, IntensityRule.Auto, TestContext.Current.CancellationToken);

        Assert.Equal((10, 5.625, 5), Read("a.nii", null).Input.SpacingMm);
        Assert.Equal((4, 3, 2), Read("a.nii", 2, 3, 4).Input.SpacingMm);
        Assert.Equal((2, 3, 4), Read("a.safetensors", 2, 3, 4).Input.SpacingMm);
    }

    [Fact]
    public void A_folder_with_a_damaged_slice_or_two_series_is_told()
    {
        var volume = PhantomStudies.Draw(1);
        _studies.WriteDicom("damaged", volume);
        var slice = Directory.GetFiles(_studies.Folder.Path("damaged"))[3];
        File.WriteAllBytes(slice, File.ReadAllBytes(slice)[..200]);
        _studies.WriteDicom("gap", volume);
        File.Delete(Directory.GetFiles(_studies.Folder.Path("gap")).Order(StringComparer.Ordinal).ElementAt(10));
        _studies.Folder.Folder("empty");
        HuVolumeFile.Write(_studies.Folder.Path("good.safetensors"), volume);
        File.WriteAllText(_studies.Folder.Path("bad.safetensors"), "nothing");
        File.WriteAllText(_studies.Folder.Path("bad.nii.gz"), "nothing");
        File.WriteAllText(_studies.Folder.Path("bad.npy"), "nothing");
        string[] names = ["damaged", "gap", "empty", "good.safetensors", "bad.safetensors", "bad.nii.gz", "bad.npy", "gone.nii"];

        using var data = _studies.Prepare(new(_studies.Folder.Root, [.. names.Select(name => PhantomStudies.Item(name, name))], [new("line 9", "manifest.format", "x")]));
        Assert.Equal("good.safetensors", data.Item(0).Id);
        Assert.Equal(1, data.Count);
        Assert.Equal(
            [
                ("line 9", "manifest.format"), ("damaged", "data.unreadable"), ("gap", "data.refused"), ("empty", "data.refused"), ("bad.safetensors", "data.volume"),
                ("bad.nii.gz", "data.volume"), ("bad.npy", "data.volume"), ("gone.nii", "data.missing"),
            ],
            data.Bad.Select(bad => (bad.Name, bad.Code)));
        using var text = new StringWriter();
        data.Report(text);
        Assert.Contains("1 studies, 1 preprocessed now, 8 left out", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("left out: gap: data.refused: ", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_usable_study_the_first_reason_is_told()
    {
        var e = Assert.Throws<TrainerException>(() => _studies.Prepare(new(_studies.Folder.Root, [PhantomStudies.Item("only", "gone.nii")], [])));
        Assert.Equal("data.none", e.Code);
        Assert.Contains("only", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_series_is_prepared_as_the_worker_would()
    {
        var path = SharedData.Path("data/chest-ct/mini-lidc-0314");
        var spec = PreprocessSpec.CtRate with { Image = (16, 64, 64) };
        using var data = _studies.Prepare(new(path, [PhantomStudies.Item("real", path)], []), spec, new CountingSliceEncoder());
        var ready = new VolumePreprocessor(spec).Run(DicomFolder.Read(path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var read = data.Load(0);
        Assert.True(HalfValues.Round(ready.Volume).AsSpan().SequenceEqual(read.Volume));
        Assert.Equal(64, read.SliceFeatures!.Length);
        Assert.InRange(read.Volume.Average(), 0.1, 0.9);
    }

    public void Dispose() => _studies.Dispose();
}
