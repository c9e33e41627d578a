using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Cache;

namespace HSENet.Trainer.Tests.Data.Cache;

public sealed class TrainingCacheTests : IDisposable
{
    private readonly PhantomStudies _studies = new();

    [Fact]
    public void The_second_run_preprocesses_and_encodes_nothing_and_gives_the_same()
    {
        var manifest = _studies.Write(3);
        var encoder = new CountingSliceEncoder();
        using var cold = _studies.Prepare(manifest, encoder: encoder);
        Assert.Equal((3, 3), (cold.Preprocessed, encoder.Calls));

        var again = new CountingSliceEncoder();
        using var warm = _studies.Prepare(manifest, encoder: again);
        for (var i = 0; i < 3; i++)
        {
            var (a, b) = (cold.Load(i), warm.Load(i));
            Assert.Equal(a.Volume, b.Volume);
            Assert.Equal(a.SliceFeatures, b.SliceFeatures);
            Assert.Equal(a.Item, b.Item);
        }

        Assert.Equal((0, 0), (warm.Preprocessed, again.Calls));
        Assert.NotEqual(warm.Load(0).Volume, warm.Load(1).Volume);
        Assert.Empty(Directory.GetFiles(_studies.Cache, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_change_of_anything_that_enters_makes_another_entry()
    {
        var manifest = _studies.Write(1);
        int Made(Func<TrainingDataOptions, TrainingDataOptions>? change = null, StudyManifest? of = null, HSENet.Model.Preprocessing.PreprocessSpec? spec = null, string digest = "a")
        {
            var encoder = new CountingSliceEncoder(digest);
            using var data = _studies.Prepare(of ?? manifest, spec, encoder, change);
            return data.Preprocessed + (10 * encoder.Calls);
        }

        StudyManifest With(Func<ManifestItem, ManifestItem> change) => manifest with { Items = [change(manifest.Items[0])] };
        var spec = PhantomStudies.Spec;
        Assert.Equal(11, Made());
        Assert.Equal(0, Made());
        Assert.Equal(0, Made(of: With(item => item with { Id = "other", Findings = "Other text." })));
        Assert.Equal(11, Made(digest: "b"));
        Assert.Equal(1, Made(spec: spec with { VolumeWindow = (-900, 200) }));
        Assert.Equal(11, Made(spec: spec with { SliceWindow = (-900, 200) }));
        Assert.Equal(11, Made(spec: spec with { SliceJpegQuality = 90 }));
        Assert.Equal(11, Made(spec: spec with { SliceCount = 5 }));
        Assert.Equal(1, Made(spec: spec with { Image = (8, 32, 16) }));
        Assert.Equal(11, Made(spec: spec with { SpacingMm = (10, 6, 5) }));
        Assert.Equal(11, Made(spec: spec with { Axes = ('I', 'L', 'P') }));
        Assert.Equal(11, Made(spec: spec with { Protocol = "bimcv-r" }));
        Assert.Equal(11, Made(of: With(item => item with { SpacingMm = [9, 5, 5] })));
        Assert.Equal(11, Made(of: With(item => item with { Rescale = new(1, 5) })));
        Assert.Equal(1, Made(options => options with { AsHalf = false }));
        Assert.Equal(0, Made());
        HuVolumeFile.Write(_studies.Folder.Path("case-0.safetensors"), PhantomStudies.Draw(77));
        Assert.Equal(11, Made());
    }

    [Fact]
    public void A_copy_of_the_same_content_finds_the_entry()
    {
        var manifest = _studies.Write(1);
        _studies.Prepare(manifest).Dispose();
        File.Copy(_studies.Folder.Path("case-0.safetensors"), _studies.Folder.Path("copy.safetensors"));
        using var data = _studies.Prepare(manifest with { Items = [PhantomStudies.Item("copy", "copy.safetensors")] });
        Assert.Equal(0, data.Preprocessed);
    }

    [Fact]
    public void Content_that_changed_behind_an_unchanged_time_is_found_when_asked_for()
    {
        var manifest = _studies.Write(1);
        var path = _studies.Folder.Path("case-0.safetensors");
        var time = File.GetLastWriteTimeUtc(path);
        _studies.Prepare(manifest).Dispose();
        HuVolumeFile.Write(path, PhantomStudies.Draw(9));
        File.SetLastWriteTimeUtc(path, time);
        using var trusting = _studies.Prepare(manifest);
        using var careful = _studies.Prepare(manifest, change: options => options with { ReadContentAgain = true });
        Assert.Equal((0, 1), (trusting.Preprocessed, careful.Preprocessed));
    }

    [Theory]
    [InlineData(0)]       // magic
    [InlineData(20)]      // key
    [InlineData(45)]      // count
    [InlineData(60)]      // a value
    [InlineData(-1)]      // digest
    public void A_damaged_byte_is_found_on_reading_and_the_entry_made_again(int at)
    {
        var manifest = _studies.Write(2);
        using var data = _studies.Prepare(manifest, encoder: new CountingSliceEncoder());
        var good = Enumerable.Range(0, 2).Select(data.Load).ToList();
        foreach (var file in Entries())
        {
            var bytes = File.ReadAllBytes(file);
            bytes[at < 0 ? bytes.Length + at : at] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        for (var i = 0; i < 2; i++)
        {
            var again = data.Load(i);
            Assert.Equal(good[i].Volume, again.Volume);
            Assert.Equal(good[i].SliceFeatures, again.SliceFeatures);
        }

        Assert.Equal(4, data.Preprocessed);
        using var next = _studies.Prepare(manifest, encoder: new CountingSliceEncoder());
        Assert.Equal(good[1].Volume, next.Load(1).Volume);
        Assert.Equal(0, next.Preprocessed);
    }

    [Fact]
    public void A_cut_entry_is_made_again_at_the_next_start()
    {
        var manifest = _studies.Write(2);
        _studies.Prepare(manifest).Dispose();
        var cut = Entries()[0];
        using (var file = File.OpenWrite(cut))
        {
            file.SetLength(file.Length - 1);
        }

        using var data = _studies.Prepare(manifest);
        Assert.Equal(1, data.Preprocessed);
    }

    [Fact]
    public void Volumes_that_change_during_a_run_are_not_taken_for_the_old_ones()
    {
        var manifest = _studies.Write(1);
        using var data = _studies.Prepare(manifest);
        File.Delete(Entries()[0]);
        HuVolumeFile.Write(_studies.Folder.Path("case-0.safetensors"), PhantomStudies.Draw(9));
        var e = Assert.Throws<TrainerException>(() => data.Load(0));
        Assert.Equal("data.changed", e.Code);
        Assert.StartsWith("case-0: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Volumes_in_memory_are_read_once_and_given_out_as_copies(bool asHalf)
    {
        using var data = _studies.Prepare(_studies.Write(2), encoder: new CountingSliceEncoder(), change: options => options with { MemoryBytes = 1 << 20, AsHalf = asHalf });
        var first = data.Load(1);
        var copy = first.Volume.ToArray();
        Directory.Delete(_studies.Cache, recursive: true);
        first.Volume[0] = 99;
        first.SliceFeatures![0] = 99;
        var second = data.Load(1);
        Assert.Equal(copy, second.Volume);
        Assert.NotEqual(99, second.SliceFeatures![0]);
        Assert.Equal(2, data.Preprocessed);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        using var data = _studies.Prepare(_studies.Write(2), change: options => options with { MemoryBytes = (8 * 32 * 32 * 2) + 10 });
        data.Load(0);
        data.Load(1);
        Directory.Delete(_studies.Cache, recursive: true);
        data.Load(0);
        Assert.Equal(2, data.Preprocessed);
        data.Load(1);
        Assert.Equal(3, data.Preprocessed);
    }

    [Fact]
    public void Progress_ends_with_everything_done_and_counts_what_is_bad()
    {
        var manifest = _studies.Write(3);
        var told = new List<PreparationProgress>();
        using var data = ManifestTrainingData.Prepare(
            manifest with { Items = [.. manifest.Items, PhantomStudies.Item("gone", "gone.nii")] }, PhantomStudies.Spec, null, new() { CacheDirectory = _studies.Cache }, new Told(told), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4], told.Select(item => item.Done));
        Assert.Equal((4, 4, 3, 1, TimeSpan.Zero), (told[^1].Done, told[^1].Total, told[^1].Made, told[^1].Bad, told[^1].Left));
        Assert.StartsWith("4 of 4 studies, 3 made, 1 left out, ", told[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_loses_less_than_the_rounding_of_the_source()
    {
        var values = Enumerable.Range(0, 100_001).Select(i => i / 100_000f).ToArray();
        var worst = values.Zip(HalfValues.Round(values)).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.InRange(worst, 1e-5, 1 / 4096.0);
        Assert.InRange(worst * 1200, 0, 0.3);
        Assert.Equal(HalfValues.Round(values), HalfValues.Round(HalfValues.Round(values)));
    }

    public void Dispose() => _studies.Dispose();

    private string[] Entries() => [.. Directory.GetFiles(_studies.Cache, "*.hsc", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private sealed class Told(List<PreparationProgress> list) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value) => list.Add(value);
    }
}
