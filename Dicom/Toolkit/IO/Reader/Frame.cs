using System.Text;

namespace FellowOakDicom.IO.Reader;

/// <summary>What the reader is inside of: the root data set, a sequence, or an item of a sequence.</summary>
internal sealed class Frame
{
    /// <summary>The data set that is being filled: the root, an item, or, of a sequence, the one around it.</summary>
    internal required DicomDataset Dataset { get; init; }

    /// <summary>The sequence whose items come next; null inside a data set.</summary>
    internal DicomSequence? Sequence { get; init; }

    internal Frame? Parent { get; init; }

    /// <summary>Where this frame, or one around it, ends.</summary>
    internal required long Limit { get; init; }

    /// <summary>True when a delimiter ends this frame.</summary>
    internal bool IsUndefinedLength { get; init; }

    internal required bool IsExplicitVR { get; init; }

    internal bool IsBigEndian { get; init; }

    /// <summary>What text in this data set, and in sequences inside it that say nothing else, is encoded in.</summary>
    internal required Encoding[] Encodings { get; set; }

    /// <summary>Sequences around this frame, itself included.</summary>
    internal int Depth { get; init; }

    internal bool IsRoot => Parent is null;

    /// <param name="sequence">The sequence.</param>
    /// <param name="end">Where it ends; null when a delimiter tells.</param>
    /// <param name="implicitVR">True for a sequence of VR UN: its content is in implicit VR little endian whatever is around it.</param>
    internal Frame Inside(DicomSequence sequence, long? end, bool implicitVR) => new()
    {
        Dataset = Dataset, Sequence = sequence, Parent = this, Limit = end ?? Limit, IsUndefinedLength = end is null,
        IsExplicitVR = IsExplicitVR && !implicitVR, IsBigEndian = IsBigEndian && !implicitVR, Encodings = Encodings, Depth = Depth + 1,
    };

    internal Frame Inside(DicomDataset item, long? end) => new()
    {
        Dataset = item, Parent = this, Limit = end ?? Limit, IsUndefinedLength = end is null,
        IsExplicitVR = IsExplicitVR, IsBigEndian = IsBigEndian, Encodings = Encodings, Depth = Depth,
    };
}
