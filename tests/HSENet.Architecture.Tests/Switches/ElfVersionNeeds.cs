using System.Buffers.Binary;
using System.Text;

namespace HSENet.Architecture.Tests.Switches;

/// <summary>The versions that a 64-bit little-endian ELF file needs of other libraries (section type SHT_GNU_verneed).</summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const int WeakFlag = 2;

    public static IEnumerable<(string Version, bool IsWeak)> Read(byte[] file)
    {
        var sections = (int)Long(file, 40);
        var (size, count) = (Short(file, 58), Short(file, 60));
        for (var i = 0; i < count; i++)
        {
            var section = sections + i * size;
            if (Int(file, section + 4) != VersionNeedSection)
                continue;
            var strings = (int)Long(file, sections + (int)Int(file, section + 40) * size + 24);
            var need = (int)Long(file, section + 24);
            for (uint step = 1; step != 0; need += (int)step)
            {
                var version = need + (int)Int(file, need + 8);
                for (int left = Short(file, need + 2); left > 0; left--)
                {
                    yield return (Text(file, strings + (int)Int(file, version + 8)), (Short(file, version + 4) & WeakFlag) != 0);
                    version += (int)Int(file, version + 12);
                }

                step = Int(file, need + 12);
            }
        }
    }

    private static ushort Short(byte[] file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));

    private static uint Int(byte[] file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset));

    private static long Long(byte[] file, int offset) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(offset));

    private static string Text(byte[] file, int offset) => Encoding.ASCII.GetString(file, offset, Array.IndexOf<byte>(file, 0, offset) - offset);
}
