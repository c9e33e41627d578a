using FellowOakDicom;

namespace HSENet.Dicom.Files;

/// <summary>
/// Walks a data set element by element with an explicit stack. What a parser could take for a sequence is walked as one, so that no nesting is
/// hidden in a value of defined length: SQ, undefined lengths, and values that begin with an item where no VR says otherwise.
/// </summary>
internal sealed class DataSetWalk(
    ScanReader reader,
    DataSetEncoding encoding,
    HeaderFields fields,
    int maximumDepth = Part10Scan.MaximumDepth,
    int maximumElements = Part10Scan.MaximumElements)
{
    private readonly Frame[] _stack = new Frame[2 * maximumDepth + 2];
    private int _top = -1;
    private int _depth;
    private int _count;
    private bool _pixelsComplete;

    private enum FrameKind
    {
        Sequence,
        Item,
        Fragments,
    }

    /// <summary>End of the last element of the outermost data set that was sound.</summary>
    public long SoundEnd { get; private set; }

    public int Faults { get; private set; }

    /// <summary>Elements, items, delimiters and fragments so far.</summary>
    public int ElementCount => _count;

    /// <summary>Null when the data set is sound.</summary>
    public ScanResult.Refused? Run()
    {
        SoundEnd = reader.Position;
        while (true)
        {
            var fault = CloseFinished();
            if (fault is null)
            {
                if (_top < 0)
                {
                    SoundEnd = reader.Position;
                    if (reader.Remaining == 0)
                        return null;
                }

                fault = Step();
            }

            if (fault is null)
                continue;
            if (fault.Code is "dicom.depth" or "dicom.items" or "dicom.uid" or "dicom.identity")
                return fault;
            Faults++;
            if (TryLeaveGuess())
                continue;
            return _pixelsComplete ? null : fault;
        }
    }

    private ScanResult.Refused? CloseFinished()
    {
        while (_top >= 0 && reader.Position >= _stack[_top].Limit)
        {
            if (_stack[_top].IsUndefined)
            {
                if (_stack[_top].Limit == reader.Length)
                    return new("dicom.truncated", $"the file ends at {reader.Length} within a sequence or item of undefined length");
                Faults++;
            }

            Pop();
        }

        return null;
    }

    private ScanResult.Refused? Step()
    {
        if (++_count > maximumElements)
            return new("dicom.items", $"more than {maximumElements} elements and items");
        var top = _top < 0 ? new Frame(FrameKind.Item, reader.Length, true, encoding, false) : _stack[_top];
        if (!ElementHeader.TryRead(reader, top.Encoding, top.Limit, out var header, out var isKnownVr))
        {
            return top.Limit == reader.Length
                ? new("dicom.truncated", $"the file ends at {reader.Length} within an element header")
                : new("dicom.length", $"what ends at {top.Limit} ends within an element header");
        }

        return top.Kind switch
        {
            FrameKind.Sequence => InSequence(top, header),
            FrameKind.Fragments => InFragments(top, header),
            _ => InItem(top, header, isKnownVr),
        };
    }

    private ScanResult.Refused? InSequence(Frame top, ElementHeader header)
    {
        if (header.Tag == ElementHeader.Item)
        {
            if (!header.IsUndefined && header.Length > top.Limit - reader.Position - header.Size)
                return Overrun.InParent(header, reader.Position, top.Limit, reader.Length);
            reader.Skip(header.Size);
            Push(new(FrameKind.Item, header.IsUndefined ? top.Limit : reader.Position + header.Length, header.IsUndefined, top.Encoding, false));
            return null;
        }

        if (header.IsDelimiter)
        {
            reader.Skip(header.Size);
            if (header.Tag == ElementHeader.SequenceDelimiter && top.IsUndefined)
                Pop();
            else
                Faults++;
            return null;
        }

        if (!top.IsUndefined)
            return new("dicom.format", $"{header} at offset {reader.Position} stands where an item must");
        Faults++; // the delimiter is missing: the element belongs to what encloses the sequence
        Pop();
        return null;
    }

    private ScanResult.Refused? InFragments(Frame top, ElementHeader header)
    {
        if (header.Tag == ElementHeader.SequenceDelimiter)
        {
            reader.Skip(header.Size);
            Pop();
            _pixelsComplete |= _top < 0;
            return null;
        }

        if (header.Tag != ElementHeader.Item || header.IsUndefined)
            return new("dicom.length", $"{header} at offset {reader.Position} stands where a fragment must");
        if (header.Length > top.Limit - reader.Position - header.Size)
            return Overrun.InParent(header, reader.Position, top.Limit, reader.Length);
        reader.Skip(header.Size + header.Length);
        return null;
    }

    private ScanResult.Refused? InItem(Frame top, ElementHeader header, bool isKnownVr)
    {
        if (header.Tag >> 16 == 0xFFFE)
            return InItemDelimiter(header);
        if (!isKnownVr)
        {
            if (!ElementHeader.IsPlausibleVr(header.Vr))
                return new("dicom.format", $"{header} at offset {reader.Position} has no VR");
            Faults++;
        }

        if (_top < 0 && _pixelsComplete && header.Tag == 0)
            return new("dicom.format", $"padding at offset {reader.Position}");
        if (header.IsUndefined)
            return BeginUndefined(top, header);
        if (header.Length > top.Limit - reader.Position - header.Size)
            return Overrun.InParent(header, reader.Position, top.Limit, reader.Length);

        reader.Skip(header.Size);
        Faults += (int)(header.Length & 1);
        if (_top < 0)
        {
            if (fields.Take(header, reader) is { } refused)
                return refused;
            _pixelsComplete |= header.IsPixelData;
        }

        if (header.Vr == ElementHeader.Sq)
            return BeginSequence(new(FrameKind.Sequence, reader.Position + header.Length, false, top.Encoding, false));
        if (MayHideSequence(top, header))
            return BeginSequence(new(FrameKind.Sequence, reader.Position + header.Length, false, DataSetEncoding.ImplicitLittleEndian, IsGuess(header)));
        Faults += IsTextForSequence(top, header) ? 1 : 0;
        reader.Skip(header.Length);
        return null;
    }

    /// <summary>No VR is written, the dictionary says SQ, and the value begins with no item.</summary>
    private static bool IsTextForSequence(Frame top, ElementHeader header) =>
        !top.Encoding.IsExplicit && header.Length > 0 && (header.Tag >> 16 & 1) == 0
        && DicomDictionary.Default[new DicomTag((ushort)(header.Tag >> 16), (ushort)header.Tag)].ValueRepresentations.Contains(DicomVR.SQ);

    private ScanResult.Refused? InItemDelimiter(ElementHeader header)
    {
        if (!header.IsDelimiter)
            return new("dicom.format", $"{header} at offset {reader.Position} stands where an element must");
        var isOpen = _top >= 0 && _stack[_top].IsUndefined;
        if (isOpen && header.Tag == ElementHeader.ItemDelimiter)
        {
            reader.Skip(header.Size);
            Pop();
            return null;
        }

        Faults++;
        if (isOpen && _stack[_top - 1].IsUndefined)
            Pop(); // the item's delimiter is missing; the sequence's is read again for the sequence
        else
            reader.Skip(header.Size);
        return null;
    }

    private ScanResult.Refused? BeginUndefined(Frame top, ElementHeader header)
    {
        if (header.HoldsFragments)
        {
            reader.Skip(header.Size);
            Push(new(FrameKind.Fragments, top.Limit, true, top.Encoding, false));
            return null;
        }

        // PS3.5 6.2.2 note 4: what is in UN of undefined length is implicit little endian
        if (top.Encoding.IsExplicit && header.Vr is not (ElementHeader.Sq or ElementHeader.Un))
            return new("dicom.length", $"{header} at offset {reader.Position} has undefined length");
        reader.Skip(header.Size);
        var inner = header.Vr == ElementHeader.Un ? DataSetEncoding.ImplicitLittleEndian : top.Encoding;
        return BeginSequence(new(FrameKind.Sequence, top.Limit, true, inner, false));
    }

    private ScanResult.Refused? BeginSequence(Frame frame)
    {
        if (++_depth > maximumDepth)
            return new("dicom.depth", $"more than {maximumDepth} sequences within each other at offset {reader.Position}");
        Push(frame);
        return null;
    }

    /// <summary>A value without a telling VR that begins with an item or a delimiter; the reader stands at it.</summary>
    private bool MayHideSequence(Frame top, ElementHeader header) =>
        (!top.Encoding.IsExplicit || header.Vr == ElementHeader.Un)
        && header.Length >= 8
        && header.Tag >> 16 is not (0x7FE0 or 0x5400) && header.Tag >> 24 != 0x60
        && reader.TryPeek(4, out var start)
        && DataSetEncoding.ImplicitLittleEndian.ReadTag(start) is ElementHeader.Item or ElementHeader.ItemDelimiter or ElementHeader.SequenceDelimiter;

    /// <summary>Private values and lookup tables may look like items by chance: then a fault inside only ends the guess.</summary>
    private static bool IsGuess(ElementHeader header) => (header.Tag >> 16 & 1) != 0 || header.Tag >> 16 == 0x0028;

    private bool TryLeaveGuess()
    {
        var guess = Array.FindIndex(_stack, 0, _top + 1, frame => frame.IsGuess);
        if (guess < 0)
            return false;
        var end = _stack[guess].Limit;
        while (_top >= guess)
            Pop();
        reader.MoveTo(end);
        return true;
    }

    private void Push(Frame frame) => _stack[++_top] = frame;

    private void Pop()
    {
        if (_stack[_top--].Kind == FrameKind.Sequence)
            _depth--;
    }

    /// <summary>
    /// One open sequence, item or run of fragments. <c>Limit</c> is where it ends; for an undefined length, where what encloses it ends. A guess is
    /// perhaps no sequence at all.
    /// </summary>
    private readonly record struct Frame(FrameKind Kind, long Limit, bool IsUndefined, DataSetEncoding Encoding, bool IsGuess);
}
