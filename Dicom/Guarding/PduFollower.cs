using System.Buffers.Binary;

namespace HSENet.Dicom.Guarding;

/// <summary>
/// Follows the PDUs of one direction (PS3.8 9.3), whatever the pieces they come in. Holds no more than one PDU that is no P-DATA-TF.
/// </summary>
/// <param name="sink">Told in order.</param>
/// <param name="limits">Lengths.</param>
/// <param name="maximumData">Longest P-DATA-TF, bytes.</param>
internal sealed class PduFollower(IPduSink sink, GuardLimits limits, uint maximumData)
{
    private const int HeaderSize = 6;

    private readonly byte[] _header = new byte[HeaderSize];
    private int _headerLength;
    private State _state;
    private PduKind _kind;
    private byte[] _body = [];
    private int _bodyLength;
    private uint _left;      // bytes of the P-DATA-TF that have not come
    private uint _valueLeft; // bytes of the value that have not come

    private enum State
    {
        Header,
        Body,
        ValueHeader,
        Value,
    }

    /// <summary>What has come so far: values, and PDUs that have none.</summary>
    public long Count { get; private set; }

    public bool IsBetweenPdus => _state == State.Header && _headerLength == 0;

    /// <exception cref="GuardFault">The bytes are no PDUs, or too long.</exception>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (Step(ref bytes))
        {
        }
    }

    /// <returns>False when more bytes are needed.</returns>
    private bool Step(ref ReadOnlySpan<byte> bytes)
    {
        switch (_state)
        {
            case State.Header:
                if (!FillHeader(ref bytes))
                    return false;
                BeginPdu();
                return true;
            case State.Body:
                return FillBody(ref bytes);
            case State.ValueHeader when _left == 0:
                _state = State.Header;
                return true;
            case State.ValueHeader:
                if (!FillHeader(ref bytes))
                    return false;
                BeginValue();
                return true;
            default:
                return PassValue(ref bytes);
        }
    }

    private bool FillHeader(ref ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(HeaderSize - _headerLength, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_headerLength));
        bytes = bytes[count..];
        _headerLength += count;
        if (_state == State.Header && _headerLength > 0 && _header[0] is < 1 or > 7)
            throw new GuardFault(GuardFault.UnrecognizedPdu, $"PDU type {_header[0]} does not exist");
        if (_headerLength < HeaderSize)
            return false;
        _headerLength = 0;
        return true;
    }

    private void BeginPdu()
    {
        _kind = (PduKind)_header[0];
        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(2));
        var limit = _kind switch
        {
            PduKind.Data => maximumData,
            PduKind.AssociateRequest or PduKind.AssociateAccept => (uint)limits.Associate,
            _ => (uint)limits.Fixed,
        };
        if (length > limit || (_kind == PduKind.Data && length < HeaderSize))
            throw GuardFault.Invalid($"a PDU of type {(byte)_kind} has {length} bytes, the limit is {limit}");
        if (_kind == PduKind.Data)
        {
            _left = length;
            _state = State.ValueHeader;
            return;
        }

        _body = new byte[length];
        _bodyLength = 0;
        _state = State.Body;
    }

    private bool FillBody(ref ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(_body.Length - _bodyLength, bytes.Length);
        bytes[..count].CopyTo(_body.AsSpan(_bodyLength));
        bytes = bytes[count..];
        _bodyLength += count;
        if (_bodyLength < _body.Length)
            return false;
        _state = State.Header;
        Count++;
        var body = _body;
        _body = [];
        sink.OnControl(_kind, body);
        return true;
    }

    private void BeginValue()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(_header);
        if (_left < HeaderSize || length < 2 || length - 2 > _left - HeaderSize)
            throw GuardFault.Invalid($"a presentation data value of {length} bytes stands where {_left} bytes are left");
        Count++;
        _valueLeft = length - 2;
        _left -= _valueLeft + HeaderSize;
        _state = State.Value;
    }

    private bool PassValue(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty && _valueLeft > 0)
            return false;
        var count = (int)Math.Min(_valueLeft, (uint)bytes.Length);
        var piece = bytes[..count];
        bytes = bytes[count..];
        _valueLeft -= (uint)count;
        if (_valueLeft == 0)
            _state = State.ValueHeader;
        sink.OnPiece(_header[4], (_header[5] & 1) != 0, (_header[5] & 2) != 0, piece, _valueLeft == 0);
        return true;
    }
}
