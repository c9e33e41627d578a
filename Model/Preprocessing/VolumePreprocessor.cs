namespace HSENet.Model.Preprocessing;

/// <summary>Brings a CT volume to the network's volume and slices. Holds no state: may be shared between threads.</summary>
internal sealed class VolumePreprocessor
{
    public VolumePreprocessor(PreprocessSpec spec) => Spec = spec;

    public PreprocessSpec Spec { get; }

    /// <exception cref="HSENetModelException"><c>model.input</c>: the volume contradicts itself or is too thin, too large or constant.</exception>
    public PreprocessedCt Run(CtInput input, CancellationToken cancellationToken) => throw new NotImplementedException();
}
