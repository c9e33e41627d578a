using System.Collections;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Encapsulated pixel data: fragments after a table of frame offsets (PS3.5 A.4).</summary>
public abstract class DicomFragmentSequence : DicomItem, IEnumerable<IByteBuffer>
{
    protected DicomFragmentSequence(DicomTag tag)
        : base(tag)
    {
    }

    /// <summary>The Basic Offset Table: byte offsets of the frames from the first fragment; may be empty.</summary>
    public IList<uint> OffsetTable { get; } = [];

    /// <summary>The fragments in order, without the offset table.</summary>
    public IList<IByteBuffer> Fragments { get; } = [];

    public IEnumerator<IByteBuffer> GetEnumerator() => Fragments.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
