using System.Runtime.InteropServices;
using JpegLibrary;

namespace HSENet.Dicom.Codecs;

/// <summary>Takes the blocks of 8 x 8 samples that JpegLibrary decodes (T.81 A.1.3), held within the range of the precision.</summary>
internal sealed class JpegSampleWriter(ushort[] samples, int width, int height, int largest) : JpegBlockOutputWriter
{
    private const int Side = 8;

    private int _blockCount;

    /// <summary>As many blocks were written as the image has.</summary>
    public bool IsComplete => _blockCount >= (width + Side - 1) / Side * ((height + Side - 1) / Side);

    /// <inheritdoc/>
    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        if (componentIndex != 0 || x < 0 || y < 0 || x >= width || y >= height)
            return;

        _blockCount++;
        var block = MemoryMarshal.CreateReadOnlySpan(ref blockRef, Side * Side);
        var columns = Math.Min(Side, width - x);
        for (var row = 0; row < Math.Min(Side, height - y); row++)
        {
            var line = samples.AsSpan((y + row) * width + x, columns);
            for (var i = 0; i < line.Length; i++)
                line[i] = (ushort)Math.Clamp(block[row * Side + i], (short)0, (short)largest);
        }
    }
}
