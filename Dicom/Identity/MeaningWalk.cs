using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>
/// Walks a sound data set and hands what it says to a <see cref="MeaningSink"/>. Stricter than the scan: at any fault it gives up, for of a data set that can be read in
/// two ways nobody can say what it means.
/// </summary>
internal sealed class MeaningWalk : IDisposable
{
    private const uint CharacterSetTag = 0x00080005;
    private const uint LengthToEnd = 0x00080001;
    private const uint TrailingPadding = 0xFFFCFFFC;

    private readonly ScanReader _reader;
    private readonly DataSetEncoding _encoding;
    private readonly MeaningSink _sink = new();
    private readonly MeaningValues _values;
    private readonly PixelMeaning _pixels;

    public MeaningWalk(ScanReader reader, DataSetEncoding encoding, string transferSyntaxUid)
    {
        _reader = reader;
        _encoding = encoding;
        _values = new MeaningValues(reader, _sink);
        _pixels = new PixelMeaning(reader, transferSyntaxUid);
    }

    /// <summary>Where the Pixel Data element begins and ends; null when there is none.</summary>
    public (long Start, long End)? PixelRange { get; private set; }

    public InstanceMeaning? Run(long start, long end)
    {
        _reader.MoveTo(start);
        return TryElements(_encoding, end, isUndefined: false, depth: 0, CharacterSet.Default) ? _sink.ToMeaning(_pixels.Digest()) : null;
    }

    public void Dispose()
    {
        _sink.Dispose();
        _values.Dispose();
        _pixels.Dispose();
    }

    private bool TryElements(DataSetEncoding encoding, long limit, bool isUndefined, int depth, CharacterSet characterSet)
    {
        while (_reader.Position < limit)
        {
            if (!ElementHeader.TryRead(_reader, encoding, limit, out var header, out var isKnownVr) || !isKnownVr)
                return false;
            _reader.Skip(header.Size);
            if (header.Tag == ElementHeader.ItemDelimiter)
                return isUndefined;
            if (header.Tag >> 16 == 0xFFFE || (!header.IsUndefined && header.Length > limit - _reader.Position))
                return false;
            if (header.Tag == CharacterSetTag && !header.IsUndefined)
            {
                if (!_reader.TryPeek((int)Math.Min(header.Length, 1024), out var value))
                    return false;
                characterSet = CharacterSet.Of(value);
                _reader.Skip(header.Length);
                continue;
            }

            if (!TryElement(encoding, header, limit, depth, characterSet))
                return false;
        }

        return !isUndefined && _reader.Position == limit;
    }

    private bool TryElement(DataSetEncoding encoding, ElementHeader header, long limit, int depth, CharacterSet characterSet)
    {
        var isEncapsulation = depth == 0 && header.Tag is 0x7FE00001 or 0x7FE00002 or 0x7FE00003;
        if (!header.IsUndefined && (header.Tag is TrailingPadding or LengthToEnd || (header.Tag & 0xFFFF) == 0 || isEncapsulation))
        {
            _reader.Skip(header.Length);
            return true;
        }

        if (depth == 0 && header.IsPixelData)
        {
            var start = _reader.Position - header.Size;
            var isTaken = _pixels.TryTake(encoding, header, limit);
            PixelRange = (start, _reader.Position);
            return isTaken;
        }

        if (depth == 0)
            _sink.Begin(header.Tag);
        _sink.Append(header.Tag);
        var isRead = TryValue(encoding, header, limit, depth, characterSet);
        if (depth == 0)
            _sink.End();
        return isRead;
    }

    private bool TryValue(DataSetEncoding encoding, ElementHeader header, long limit, int depth, CharacterSet characterSet)
    {
        var isWithoutVr = !encoding.IsExplicit || header.Vr == ElementHeader.Un;
        var inner = header.Vr == ElementHeader.Un ? DataSetEncoding.ImplicitLittleEndian : encoding;
        if (header.IsUndefined && header.HoldsFragments)
            return _values.TryFragments(encoding, limit);
        if (header.IsUndefined)
            return (isWithoutVr || header.Vr == ElementHeader.Sq) && TrySequence(inner, limit, isUndefined: true, depth, characterSet);

        var end = _reader.Position + header.Length;
        var kind = ValueKinds.Of(header.Tag);
        if (header.Vr == ElementHeader.Sq || (isWithoutVr && kind == ValueKind.Sequence))
            return TrySequence(inner, end, isUndefined: false, depth, characterSet);
        if (isWithoutVr && kind == ValueKind.Unknown && TryGuess(end, depth, characterSet))
            return true;
        return _values.TryTake(encoding, header, kind, characterSet);
    }

    /// <summary>A private value without VR that begins with an item is a sequence when it can be read as one to its end (PS3.5 6.2.2 note 4).</summary>
    private bool TryGuess(long end, int depth, CharacterSet characterSet)
    {
        if (end - _reader.Position is < 8 or > MeaningSink.MaximumHeld || !_reader.TryPeek(4, out var start) || DataSetEncoding.ImplicitLittleEndian.ReadTag(start) != ElementHeader.Item)
            return false;
        var (position, mark) = (_reader.Position, _sink.BeginGuess());
        if (TrySequence(DataSetEncoding.ImplicitLittleEndian, end, isUndefined: false, depth, characterSet))
        {
            _sink.KeepGuess();
            return true;
        }

        _sink.TakeBack(mark);
        _reader.MoveTo(position);
        return false;
    }

    private bool TrySequence(DataSetEncoding encoding, long limit, bool isUndefined, int depth, CharacterSet characterSet)
    {
        if (depth >= Part10Scan.MaximumDepth)
            return false;
        var hasItems = false;
        while (_reader.Position < limit)
        {
            if (!ElementHeader.TryRead(_reader, encoding, limit, out var header, out _))
                return false;
            _reader.Skip(header.Size);
            if (header.Tag == ElementHeader.SequenceDelimiter)
                return isUndefined && EndSequence(hasItems);
            if (header.Tag != ElementHeader.Item || (!header.IsUndefined && header.Length > limit - _reader.Position))
                return false;
            _sink.HasValue();
            _sink.Append((byte)'I');
            hasItems = true;
            var end = header.IsUndefined ? limit : _reader.Position + header.Length;
            if (!TryElements(encoding, end, header.IsUndefined, depth + 1, characterSet))
                return false;
            _sink.Append((byte)'i');
        }

        return !isUndefined && _reader.Position == limit && EndSequence(hasItems);
    }

    /// <summary>A sequence without items is written as an empty value is: without VR nobody can tell one from the other.</summary>
    private bool EndSequence(bool hasItems)
    {
        if (hasItems)
            _sink.Append((byte)'s');
        else
            _values.TakeEmpty();
        return true;
    }
}
