namespace HSENet.Dicom.Series;

/// <summary>How stored values lie in Pixel Data (PS3.3 C.7.6.3, PS3.5 8.1.1).</summary>
internal readonly record struct PixelFormat(
    int Rows, int Columns, int SamplesPerPixel, int BitsAllocated, int BitsStored, int HighBit, bool IsSigned, string Photometric)
{
    public int BytesPerPixel => BitsAllocated / 8;

    /// <summary>Bytes of one frame in native little endian; no overflow for any pair of 16-bit sizes.</summary>
    public long FrameBytes => (long)Rows * Columns * BytesPerPixel;

    /// <returns>What cannot be read, or null.</returns>
    public string? Problem()
    {
        if (SamplesPerPixel != 1)
            return $"Samples per Pixel is {SamplesPerPixel}";

        if (Photometric is not ("MONOCHROME1" or "MONOCHROME2"))
            return "Photometric Interpretation is not monochrome";

        if (BitsAllocated is not (8 or 16))
            return $"Bits Allocated is {BitsAllocated}";

        if (BitsStored < 1 || BitsStored > BitsAllocated || HighBit < BitsStored - 1 || HighBit >= BitsAllocated)
            return $"Bits Stored {BitsStored} and High Bit {HighBit} do not fit {BitsAllocated} allocated bits";

        return null;
    }

    /// <summary>The stored value in the allocated bits <paramref name="raw"/>: unused bits masked away (they may hold overlays), sign extended.</summary>
    public int StoredValue(int raw)
    {
        var left = 32 - (HighBit + 1);
        var right = 32 - BitsStored;
        return IsSigned ? raw << left >> right : (int)((uint)raw << left >> right);
    }
}
