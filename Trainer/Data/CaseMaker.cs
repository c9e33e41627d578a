using HSENet.Model;
using HSENet.Model.Preprocessing;
using HSENet.Trainer.Data.Cache;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Data;

/// <summary>Gives the arrays of an item: from the cache as far as they are there and sound, else made and put there.</summary>
internal sealed class CaseMaker(StudyManifest manifest, PreprocessSpec spec, ISliceFeatureEncoder? encoder, TrainingDataOptions options) : IDisposable
{
    private readonly VolumePreprocessor _preprocessor = new(spec);
    private readonly TensorStore _store = new(options.CacheDirectory);
    private readonly ContentDigests _digests = new(options.CacheDirectory);
    private readonly Lock _encoding = new();
    private readonly int _voxels = checked(spec.Image.D * spec.Image.H * spec.Image.W);
    private readonly int[] _intensities = new int[Enum.GetValues<IntensityChoice>().Length];
    private int _preprocessed;

    /// <summary>Volumes that were read and preprocessed.</summary>
    public int Preprocessed => _preprocessed;

    public int Count(IntensityChoice choice) => _intensities[(int)choice];

    /// <summary>Where the arrays of an item belong; looks at its files.</summary>
    /// <exception cref="TrainerException"><c>data.missing</c>, <c>data.unreadable</c>.</exception>
    public CaseKeys KeysOf(ManifestItem item)
    {
        var content = _digests.Of(manifest.Resolve(item.Volume), options.ReadContentAgain);
        var source = CacheKey.Source(content, item, spec, options.Intensity);
        var makesFeatures = options.Features == SliceFeatureUse.Encoder || (options.Features == SliceFeatureUse.Manifest && item.SliceFeatures is null);
        return new(CacheKey.Volume(source, spec, options.AsHalf), makesFeatures && encoder is not null ? CacheKey.Features(source, spec, encoder.Digest) : null);
    }

    /// <summary>Whether nothing has to be made; slice features of the manifest are read and checked.</summary>
    /// <exception cref="TrainerException"><c>data.features</c> and others: those features cannot be used.</exception>
    public bool IsReady(ManifestItem item, CaseKeys keys)
    {
        _ = Given(item, keys);
        return _store.Looks(keys.Volume, _voxels) && (keys.Features is null || _store.Looks(keys.Features, spec.SliceCount * encoder!.Width));
    }

    /// <exception cref="TrainerException"><c>data.*</c> and others, without the item's name.</exception>
    /// <exception cref="HSENetModelException">A broken file, or a volume that cannot be preprocessed.</exception>
    public (float[] Volume, float[]? Features, bool IsNew) Make(ManifestItem item, CaseKeys keys, CancellationToken cancellationToken)
    {
        var given = Given(item, keys);
        var volume = _store.TryRead(keys.Volume, _voxels);
        var features = given ?? (keys.Features is null ? null : _store.TryRead(keys.Features, spec.SliceCount * encoder!.Width));
        if (volume is not null && (features is not null || keys.Features is null))
        {
            return (volume, features, false);
        }

        if (!KeysOf(item).Volume.AsSpan().SequenceEqual(keys.Volume))
        {
            throw new TrainerException("data.changed", "the volume's files changed since the run began.");
        }

        var (made, slices) = Preprocess(item, cancellationToken);
        if (volume is null)
        {
            _store.Write(keys.Volume, made, options.AsHalf);
            volume = options.AsHalf ? HalfValues.Round(made) : made;
        }

        if (features is null && keys.Features is not null)
        {
            features = Encode(slices ?? throw new TrainerException("data.features", "a preprocessed array has no slices to make features of."), cancellationToken);
            _store.Write(keys.Features, features, asHalf: false);
        }

        return (volume, features, true);
    }

    public void Dispose() => _digests.Dispose();

    private float[]? Given(ManifestItem item, CaseKeys keys)
    {
        if (options.Features == SliceFeatureUse.Manifest && item.SliceFeatures is { } path)
        {
            return SliceFeatureFile.Read(manifest.Resolve(path), spec.SliceCount, encoder?.Width);
        }

        return keys.Features is not null || options.Features == SliceFeatureUse.None
            ? null
            : throw new TrainerException("data.features", "no slice features are named and no slice encoder is at hand.");
    }

    private (float[] Volume, SliceStack? Slices) Preprocess(ManifestItem item, CancellationToken cancellationToken)
    {
        var path = manifest.Resolve(item.Volume);
        if (VolumeKinds.Of(path) == VolumeKind.Preprocessed)
        {
            return (PreprocessedArray.Read(path, spec.Image), null);
        }

        var reading = VolumeSource.Read(path, item, options.Intensity, cancellationToken);
        var ready = _preprocessor.Run(reading.Input, cancellationToken);
        Interlocked.Increment(ref _preprocessed);
        Interlocked.Increment(ref _intensities[(int)reading.Intensity]);
        return (ready.Volume, ready.Slices);
    }

    private float[] Encode(SliceStack slices, CancellationToken cancellationToken)
    {
        float[] features;
        lock (_encoding)
        {
            features = encoder!.Encode(slices, cancellationToken);
        }

        return features.Length == spec.SliceCount * encoder.Width && !features.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
            ? features
            : throw new TrainerException("data.features", $"the slice encoder gave {features.Length} numbers for {spec.SliceCount} slices of {encoder.Width}, or some that are not finite.");
    }
}
