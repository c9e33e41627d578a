namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>
/// The entropy coded data of a scan, one restart interval after the other, without the zero bytes stuffed after FF (T.81 F.1.2.3). Zeros follow in the buffer, so
/// that a line can be decoded without a look at the end.
/// </summary>
internal ref struct EntropyData(ReadOnlySpan<byte> data, Span<byte> buffer, int columns)
{
    /// <summary>A sample takes at most 31 bits, and a refill looks 8 bytes ahead.</summary>
    private const int BytesOfSample = 4;

    private const int BytesAhead = 16;
    private const byte Marker = 0xFF;

    private readonly ReadOnlySpan<byte> _data = data;
    private readonly Span<byte> _buffer = buffer;
    private readonly int _slack = columns * BytesOfSample + BytesAhead;
    private int _position;

    /// <summary>The interval's bytes and the zeros after them.</summary>
    public Span<byte> Interval { get; private set; }

    /// <summary>Bytes of the interval alone.</summary>
    public int Length { get; private set; }

    /// <summary>What to rent.</summary>
    public static int BufferLength(int dataLength, int columns) => checked(dataLength + columns * BytesOfSample + BytesAhead);

    /// <summary>Reads the next interval, up to a marker or the end.</summary>
    public void Next()
    {
        var length = 0;
        while (_position < _data.Length)
        {
            var rest = _data[_position..];
            var plain = rest.IndexOf(Marker);
            var taken = plain < 0 ? rest.Length : plain;
            rest[..taken].CopyTo(_buffer[length..]);
            length += taken;
            _position += taken;
            if (plain < 0 || _position + 1 == _data.Length || _data[_position + 1] is not (0 or Marker))
                break;

            if (_data[_position + 1] == 0)
            {
                _buffer[length++] = Marker;
                _position++;
            }

            _position++;
        }

        Length = length;
        Interval = _buffer[..(length + _slack)];
        Interval[length..].Clear();
    }

    /// <summary>Passes the restart marker of that number, 0 to 7, if it is the next.</summary>
    public bool TryRestart(int number)
    {
        if (_position + 1 >= _data.Length || _data[_position + 1] != 0xD0 + number)
            return false;

        _position += 2;
        return true;
    }

    /// <summary>Whether the data end with that marker, and it is the next.</summary>
    public readonly bool IsLast(byte marker) => _position + 2 == _data.Length && _data[_position + 1] == marker;
}
