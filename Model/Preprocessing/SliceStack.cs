namespace HSENet.Model.Preprocessing;

/// <summary>The 8-bit slices for the 2D encoder.</summary>
/// <param name="Pixels">Row-major [count, height, width].</param>
/// <param name="Count">Slices, in ascending order of the depth axis.</param>
/// <param name="Height">Rows of a slice.</param>
/// <param name="Width">Columns of a slice.</param>
internal sealed record SliceStack(byte[] Pixels, int Count, int Height, int Width)
{
    public ReadOnlySpan<byte> Slice(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);
}
