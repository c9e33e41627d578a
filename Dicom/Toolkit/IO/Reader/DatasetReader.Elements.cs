using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.IO.Reader;

/// <content>Headers and values of single elements.</content>
internal sealed partial class DatasetReader
{
    private bool ReadElement(DicomTag tag, ReadOnlySpan<byte> header)
    {
        if (_frame.IsRoot && header.IndexOfAnyExcept((byte)0) < 0)
        {
            return source.SkipZeros() ? false : throw Fault("there are zero bytes between elements");
        }

        if (_frame.Dataset is DicomFileMetaInformation meta && IsBehind(meta, tag))
        {
            return false;
        }

        tag = WithCreator(tag);
        (_state.Tag, _state.SequenceDepth) = (tag, _frame.Depth);
        if (settings.Stop?.Invoke(_state) == true)
        {
            _stopped = true;
            return true;
        }

        Count();
        var isUnknown = _frame.IsExplicitVR && header is [_, _, _, _, (byte)'U', (byte)'N', ..];
        var (vr, length) = _frame.IsExplicitVR ? ReadExplicitHeader(tag) : ReadImplicitHeader(tag);
        if (length == Undefined)
        {
            BeginUndefined(tag, vr);
        }
        else if ((isUnknown ? KnownVr(tag, length) : vr) is var known && known == DicomVR.SQ)
        {
            BeginSequence(tag, length, implicitVR: isUnknown);
        }
        else
        {
            ReadValue(tag, known, length, isSwapped: _frame.IsBigEndian && !isUnknown);
        }

        _state.PreviousTag = tag;
        return true;
    }

    private void BeginUndefined(DicomTag tag, DicomVR vr)
    {
        if (tag.Number == DicomTag.PixelData.Number)
        {
            ReadFragments(tag, vr);
        }
        else if (vr == DicomVR.SQ)
        {
            BeginSequence(tag, Undefined);
        }
        else if (vr == DicomVR.UN || !_frame.IsExplicitVR)
        {
            // A sequence that somebody on the way did not know: its content is in implicit VR (PS3.5 6.2.2 note 2, CP-246);
            // and in implicit VR nothing else has no length
            BeginSequence(tag, Undefined, implicitVR: true);
        }
        else if (vr == DicomVR.OB || vr == DicomVR.OW)
        {
            ReadFragments(tag, vr);
        }
        else
        {
            throw Fault($"{tag} of VR {vr} has no length");
        }
    }

    private void ReadValue(DicomTag tag, DicomVR vr, uint length, bool isSwapped)
    {
        Require(length);
        var isLarge = length > settings.LargeSize;
        if (isLarge && settings.Large == FileReadOption.SkipLargeTags)
        {
            source.Skip(length);
            return;
        }

        var buffer = length == 0 ? EmptyBuffer.Value
            : isLarge && settings.Large == FileReadOption.ReadLargeOnDemand ? source.Defer(length)
            : new MemoryByteBuffer(source.ReadBytes(length));
        if (isSwapped && vr.SwapUnit > 1)
        {
            buffer = SwappedByteBuffer.Of(buffer, vr.SwapUnit);
        }

        var element = ElementFactory.FromBuffer(vr, tag, buffer, _frame.Encodings);
        Put(element);
        if (tag.Number == DicomTag.SpecificCharacterSet.Number && element.Count > 0)
        {
            _frame.Encodings = DicomEncoding.GetEncodings(element.Get<string[]>());
        }
    }

    private void ReadFragments(DicomTag tag, DicomVR vr)
    {
        DicomFragmentSequence fragments = vr == DicomVR.OW ? new DicomOtherWordFragment(tag) : new DicomOtherByteFragment(tag);
        var keep = settings.Large != FileReadOption.SkipLargeTags;
        for (var isTable = true; ; isTable = false)
        {
            var header = source.Peek(HeaderLength);
            if (header.Length < HeaderLength || UInt16(header, 0) != 0xFFFE)
            {
                throw Fault("the pixel data end without a delimiter");
            }

            var (element, length) = (UInt16(header, 2), UInt32(header, 4));
            source.Advance(HeaderLength);
            if (element == 0xE0DD)
            {
                break;
            }

            if (element != 0xE000 || length == Undefined)
            {
                throw Fault("there should be a fragment of pixel data");
            }

            Count();
            Require(length);
            if (isTable)
            {
                var table = source.ReadBytes(length);
                for (var offset = 0; offset + 4 <= table.Length; offset += 4)
                {
                    fragments.OffsetTable.Add(UInt32(table, offset));
                }
            }
            else if (!keep)
            {
                source.Skip(length);
            }
            else
            {
                fragments.Fragments.Add(length > settings.LargeSize && settings.Large == FileReadOption.ReadLargeOnDemand
                    ? source.Defer(length) : new MemoryByteBuffer(source.ReadBytes(length)));
            }
        }

        if (keep)
        {
            Put(fragments);
        }
    }

    /// <summary>
    /// File meta information ends with its group. Where the group length says instead only when what follows is deflated, and may look like
    /// anything: group lengths are often wrong.
    /// </summary>
    private bool IsBehind(DicomFileMetaInformation meta, DicomTag tag)
    {
        if (tag.Group != 0x0002)
        {
            return true;
        }

        if (meta.TryGetSingleValue(DicomTag.FileMetaInformationGroupLength, out uint length) && _metaStart == 0)
        {
            _metaStart = source.Position;
        }

        return _metaStart > 0 && source.Position == _metaStart + length && meta.TransferSyntax is { IsDeflate: true };
    }

    private DicomTag WithCreator(DicomTag tag) =>
        tag.IsPrivate && tag.Element > 0xFF && _frame.Dataset.CreatorOf(tag.Group, tag.Element >> 8) is { Length: > 0 } creator
            ? new DicomTag(tag.Group, tag.Element, creator) : tag;
}
