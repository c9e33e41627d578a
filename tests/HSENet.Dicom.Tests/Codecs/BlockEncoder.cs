using System.Numerics;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>Writes JPEG baseline codestreams of blocks with a mean and one more coefficient each: DCMTK's encoder writes no restart intervals.</summary>
internal sealed record BlockEncoder(int Rows, int Columns)
{
    /// <summary>Blocks between restart markers; 0 for none.</summary>
    public int RestartBlocks { get; init; }

    /// <summary>Blocks that are written; the image's own number when 0.</summary>
    public int Blocks { get; init; }

    /// <summary>Added to the number of each restart marker.</summary>
    public int RestartShift { get; init; }

    public byte[] Encode(Random random)
    {
        List<byte> bytes = [0xFF, 0xD8];
        Segment(bytes, 0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        Segment(bytes, 0xC0, [8, (byte)(Rows >> 8), (byte)Rows, (byte)(Columns >> 8), (byte)Columns, 1, 1, 0x11, 0]);

        // DC: categories 0 to 11 in four bits each; AC: 0/0, 0/1 to 0/7, f/0 in four bits each
        Segment(bytes, 0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]);
        Segment(bytes, 0xC4, [0x10, 0, 0, 0, 9, .. new byte[12], .. Enumerable.Range(0, 8).Select(i => (byte)i), 0xF0]);
        if (RestartBlocks > 0)
            Segment(bytes, 0xDD, [(byte)(RestartBlocks >> 8), (byte)RestartBlocks]);
        Segment(bytes, 0xDA, [1, 1, 0x00, 0, 63, 0]);
        Data(bytes, random);
        bytes.AddRange([0xFF, 0xD9]);
        return [.. bytes];
    }

    private void Data(List<byte> bytes, Random random)
    {
        var (bits, count, previous) = (0UL, 0, 0);
        var blocks = Blocks == 0 ? (Rows + 7) / 8 * ((Columns + 7) / 8) : Blocks;
        for (var block = 0; block < blocks; block++)
        {
            if (RestartBlocks > 0 && block > 0 && block % RestartBlocks == 0)
            {
                Flush();
                bytes.AddRange([0xFF, (byte)(0xD0 + (block / RestartBlocks - 1 + RestartShift) % 8)]);
                previous = 0;
            }

            var mean = random.Next(-900, 900);
            Number(mean - previous);
            previous = mean;
            Number(random.Next(1, 60));
            Put(0, 4);
        }

        Flush();

        void Number(int value)
        {
            var category = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
            Put((uint)category, 4);
            Put((uint)(value > 0 ? value : value + (1 << category) - 1), category);
        }

        void Put(uint value, int length)
        {
            bits = bits << length | value & ((1UL << length) - 1);
            for (count += length; count >= 8; count -= 8)
                Byte((byte)(bits >> (count - 8)));
        }

        void Flush()
        {
            if (count > 0)
                Put(0xFF, 8 - count);
        }

        void Byte(byte value)
        {
            bytes.Add(value);
            if (value == 0xFF)
                bytes.Add(0);
        }
    }

    private static void Segment(List<byte> bytes, byte marker, byte[] content)
    {
        var length = content.Length + 2;
        bytes.AddRange([0xFF, marker, (byte)(length >> 8), (byte)length, .. content]);
    }
}
