using System.Runtime.InteropServices;
using HSENet.Dicom.Decoder.Sandbox;

namespace HSENet.Dicom.Decoder;

/// <summary>Standard input and output, read and written whole by plain system calls.</summary>
internal static unsafe class Pipe
{
    private const int Interrupted = 4;      // EINTR

    /// <returns>False when the other end was closed or failed.</returns>
    public static bool Read(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = Libc.Read(0, start + done, (nuint)(bytes.Length - done));
                if (count == 0 || (count < 0 && Marshal.GetLastPInvokeError() != Interrupted))
                    return false;

                done += (int)Math.Max(count, 0);
            }
        }

        return true;
    }

    /// <inheritdoc cref="Read"/>
    public static bool Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = Libc.Write(1, start + done, (nuint)(bytes.Length - done));
                if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                    return false;

                done += (int)Math.Max(count, 0);
            }
        }

        return true;
    }
}
