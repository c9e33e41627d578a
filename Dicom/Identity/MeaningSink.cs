using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HSENet.Dicom.Identity;

/// <summary>
/// Takes the values of one attribute after the other in one form for all encodings, and hashes them. What may have to be taken back stays in memory.
/// </summary>
internal sealed class MeaningSink : IDisposable
{
    /// <summary>A value of unknown VR that looks like a sequence is taken as one up to this many bytes; longer ones are taken as they are.</summary>
    public const int MaximumHeld = 1 << 20;

    private const int Flush = 32 << 10;

    private readonly IncrementalHash _header = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _report = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _patient = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _identity = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _held = new byte[2048];
    private int _heldLength;
    private int _guesses;
    private uint _tag;
    private bool _isEmpty;

    /// <summary>An attribute of the outermost data set begins.</summary>
    public void Begin(uint tag)
    {
        _tag = tag;
        _isEmpty = true;
    }

    /// <summary>It has ended.</summary>
    public void End() => Empty();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_heldLength + bytes.Length > _held.Length)
            Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldLength + bytes.Length));
        bytes.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += bytes.Length;
        if (_guesses == 0 && _heldLength > Flush)
            Empty();
    }

    public void Append(byte mark) => Append([mark]);

    public void Append(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        Append(bytes);
    }

    /// <summary>The attribute has a value: an empty one is to a report as one that is not there.</summary>
    public void HasValue() => _isEmpty = false;

    /// <summary>What follows may be taken back.</summary>
    /// <returns>For <see cref="TakeBack"/>.</returns>
    public int BeginGuess()
    {
        _guesses++;
        return _heldLength;
    }

    public void KeepGuess() => _guesses--;

    public void TakeBack(int mark)
    {
        _guesses--;
        _heldLength = mark;
    }

    public InstanceMeaning ToMeaning(byte[] pixels) =>
        new(pixels, _header.GetHashAndReset(), _report.GetHashAndReset(), _patient.GetHashAndReset(), _identity.GetHashAndReset());

    public void Dispose()
    {
        _header.Dispose();
        _report.Dispose();
        _patient.Dispose();
        _identity.Dispose();
    }

    private void Empty()
    {
        var bytes = _held.AsSpan(0, _heldLength);
        _heldLength = 0;
        _header.AppendData(bytes);
        if (_isEmpty || ReportAttributes.IsAsAbsent(_tag, bytes))
            return;
        if (ReportAttributes.Matter(_tag))
            _report.AppendData(bytes);
        if (ReportAttributes.ArePatient(_tag))
            _patient.AppendData(bytes);
        if (ReportAttributes.IsIdentity(_tag))
            _identity.AppendData(bytes);
    }
}
