using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder;

/// <summary>Unmanaged memory that is used again while it is large enough.</summary>
internal sealed unsafe class NativeBytes
{
    private long _length;

    /// <summary>Null before the first <see cref="TryHold"/>.</summary>
    public byte* Start { get; private set; }

    /// <returns>False when there is not so much memory.</returns>
    public bool TryHold(long length)
    {
        if (length <= _length)
            return true;

        NativeMemory.Free(Start);
        Start = null;
        _length = 0;
        try
        {
            Start = (byte*)NativeMemory.Alloc((nuint)length);
            _length = length;
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
