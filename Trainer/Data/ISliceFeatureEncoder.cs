using HSENet.Model.Preprocessing;

namespace HSENet.Trainer.Data;

/// <summary>Makes slice features. Nothing is loaded before the first volume needs it.</summary>
internal interface ISliceFeatureEncoder
{
    /// <summary>Tells encoders apart: other weights or sizes, another text.</summary>
    string Digest { get; }

    /// <summary>Numbers of a slice.</summary>
    int Width { get; }

    /// <summary>The slices of one volume in a few batches. Called by one thread at a time.</summary>
    /// <returns>Row-major (slices, width)</returns>
    float[] Encode(SliceStack slices, CancellationToken cancellationToken);
}
