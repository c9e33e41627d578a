using System.Buffers.Binary;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.IO.Reader;

/// <summary>
/// Reads data sets (PS3.5 7). Keeps its own stack instead of recursing, and limits the depth and the number of items;
/// checks each length against what remains; puts up with the usual faults of senders (missing and stray delimiters, zero padding,
/// odd lengths, absent VR), and refuses the rest with a <see cref="DicomDataException"/>.
/// </summary>
internal sealed partial class DatasetReader(ByteSource source, ReadSettings settings)
{
    /// <summary>Sequences within sequences. Reports use about ten; deeper input is an attack.</summary>
    internal const int MaximumDepth = 64;

    /// <summary>Elements and items in all; each costs memory far beyond its 8 bytes of input.</summary>
    internal const int MaximumItems = 4_000_000;

    /// <summary>Places that attributes out of order push others on by, in all: beyond it sorting them would take more time than reading them.</summary>
    internal const long MaximumShift = 200_000_000;

    private const uint Undefined = 0xFFFFFFFF;
    private const int HeaderLength = 8;

    private readonly ParseState _state = new();
    private Frame _frame = null!;
    private int _itemCount;
    private long _shift;
    private long _metaStart;
    private bool _stopped;

    /// <summary>Fills <paramref name="dataset"/> up to the end of the input. False when the stop predicate ended it before.</summary>
    internal bool Read(DicomDataset dataset, bool explicitVR, Endian endian)
    {
        _frame = new Frame
        {
            Dataset = dataset, Limit = source.End, IsExplicitVR = explicitVR, IsBigEndian = endian == Endian.Big, Encodings = settings.Fallback,
        };
        while (!_stopped)
        {
            if (source.Position >= _frame.Limit && !(_frame.IsUndefinedLength && source.Position >= source.End))
            {
                if (_frame.IsRoot)
                {
                    break;
                }

                _frame = _frame.Parent!;
            }
            else if (!ReadNext())
            {
                break;
            }
        }

        Weakness.Read(dataset);
        return !_stopped;
    }

    /// <summary>False at the end of the input.</summary>
    private bool ReadNext()
    {
        var header = source.Peek(HeaderLength);
        if (header.Length < HeaderLength || source.Position + HeaderLength > _frame.Limit)
        {
            return SkipRest(header);
        }

        var tag = new DicomTag(UInt16(header, 0), UInt16(header, 2));
        if (tag.Group == 0xFFFE)
        {
            ReadDelimiter(tag.Element, UInt32(header, 4));
        }
        else if (_frame.Sequence is null)
        {
            return ReadElement(tag, header);
        }
        else if (_frame.IsUndefinedLength)
        {
            // No item and no delimiter: the sequence has ended without one
            _frame = _frame.Parent!;
        }
        else
        {
            throw Fault("there should be an item");
        }

        return true;
    }

    private void ReadDelimiter(ushort element, uint length)
    {
        var inSequence = _frame.Sequence is not null;
        switch (element)
        {
            case 0xE000 when inSequence:
                source.Advance(HeaderLength);
                BeginItem(length);
                return;
            case 0xE000 when _frame.IsUndefinedLength:
                // The next item begins where the delimiter of this one should be
                _frame = _frame.Parent!;
                return;
            case 0xE00D:
                source.Advance(HeaderLength);
                if (!inSequence && _frame.IsUndefinedLength)
                {
                    _frame = _frame.Parent!;
                }

                return;
            case 0xE0DD when _frame.IsUndefinedLength && !inSequence && _frame.Parent!.IsUndefinedLength:
                // The delimiter of the item is missing; that of the sequence is left for the sequence
                _frame = _frame.Parent!;
                return;
            case 0xE0DD:
                source.Advance(HeaderLength);
                if (inSequence && _frame.IsUndefinedLength)
                {
                    _frame = _frame.Parent!;
                }

                return;
            default:
                throw Fault("there is an item outside of a sequence");
        }
    }

    private void BeginItem(uint length)
    {
        Count();
        var item = new DicomDataset(_frame.Dataset.InternalTransferSyntax) { IsValidated = false };
        _frame.Sequence!.Items.Add(item);
        _frame = _frame.Inside(item, EndOf(length));
    }

    private void BeginSequence(DicomTag tag, uint length, bool implicitVR = false)
    {
        if (_frame.Depth >= MaximumDepth && !Weakness.HasNoDepthLimit)
        {
            throw Fault($"sequences are nested deeper than {MaximumDepth} levels");
        }

        var sequence = new DicomSequence(tag);
        Put(sequence);
        _frame = _frame.Inside(sequence, EndOf(length), implicitVR);
    }

    private long? EndOf(uint length)
    {
        if (length == Undefined)
        {
            return null;
        }

        Require(length);
        return source.Position + length;
    }

    private void Require(long length)
    {
        if (length > _frame.Limit - source.Position)
        {
            throw Fault($"a length of {length} bytes goes beyond what it is in");
        }
    }

    private void Put(DicomItem item)
    {
        // File meta information inside the data set is a copy that some writers leave there
        if (item.Tag.Group != 0x0002 || _frame.Dataset is DicomFileMetaInformation)
        {
            _shift += _frame.Dataset.PutRead(item);
            if (_shift > MaximumShift)
            {
                throw Fault("too many attributes are out of order");
            }
        }
    }

    private void Count()
    {
        if (++_itemCount > settings.MaximumItems)
        {
            throw Fault($"there are more than {settings.MaximumItems} elements and items");
        }
    }

    /// <summary>Fewer bytes than a header are left: padding if they are zero.</summary>
    private bool SkipRest(ReadOnlySpan<byte> rest)
    {
        var length = (int)Math.Min(rest.Length, _frame.Limit - source.Position);
        if (rest[..length].IndexOfAnyExcept((byte)0) >= 0)
        {
            throw Fault("the input ends inside an element");
        }

        if (length == 0 && (!_frame.IsRoot || _frame.Limit is > 0 and < long.MaxValue && source.Position < _frame.Limit))
        {
            throw Fault("the input ends inside a sequence");
        }

        source.Advance(length);
        return length > 0;
    }

    private ushort UInt16(ReadOnlySpan<byte> bytes, int offset) =>
        _frame.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private uint UInt32(ReadOnlySpan<byte> bytes, int offset) =>
        _frame.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private DicomDataException Fault(string what) => new($"Damaged data set: at offset {source.Position} {what}");
}
