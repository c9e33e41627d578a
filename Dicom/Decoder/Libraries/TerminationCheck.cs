using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Libraries;

/// <summary>
/// Damage inside the data of a code-block decodes to other samples without an error. But the arithmetic decoder reads to the end of sound data, give or take what an
/// encoder may add or leave out, and elsewhere in damaged ones; OpenJPEG compares where the code-block style promises a predictable end (T.800 table A.19), and warns.
/// So the promise is written into the codestream before it is decoded, and small differences are passed over.
/// </summary>
internal static unsafe class TerminationCheck
{
    private const int CodingStyleDefault = 0xFF52;
    private const int StartOfTilePart = 0xFF90;
    private const int StyleOffset = 12;
    private const byte PredictableTermination = 0x10;
    private const byte HighThroughput = 0xC0;

    /// <summary>Encoders end the data of a code-block in several ways (T.800 D.4): they differ by less.</summary>
    private const int LargestDifference = 8;

    private static ReadOnlySpan<byte> Warning => "PTERM check failure: "u8;

    /// <summary>Sets the flag in the main header, where there is one.</summary>
    public static void Ask(Span<byte> codestream)
    {
        for (var position = 2; codestream.Length - position > StyleOffset;)
        {
            var marker = BinaryPrimitives.ReadUInt16BigEndian(codestream[position..]);
            if (marker is < 0xFF50 or StartOfTilePart)
                return;

            if (marker == CodingStyleDefault)
            {
                ref var style = ref codestream[position + StyleOffset];
                if ((style & HighThroughput) == 0)
                    style |= PredictableTermination;
                return;
            }

            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(codestream[(position + 2)..]);
        }
    }

    /// <summary>What the library warns of while it decodes.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Hear(byte* message, void* user)
    {
        var told = (Told*)user;
        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message);
        if (!text.StartsWith(Warning))
        {
            told->HasOther = true;
            return;
        }

        var bytes = 0;
        for (var i = Warning.Length; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9' && bytes < 1 << 24; i++)
            bytes = 10 * bytes + text[i] - '0';

        told->MostBytes = Math.Max(told->MostBytes, bytes);
    }

    /// <summary>What was heard over one frame.</summary>
    public struct Told
    {
        /// <summary>Bytes that were left at the end of a code-block, or read beyond it.</summary>
        public int MostBytes;

        /// <summary>Any other warning.</summary>
        public bool HasOther;

        public readonly bool IsDamage => HasOther || MostBytes > LargestDifference;
    }
}
