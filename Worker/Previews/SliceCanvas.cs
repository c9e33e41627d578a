using HSENet.Dicom.Series;

namespace HSENet.Worker.Previews;

/// <summary>One slice as shown on a screen: anterior up, the patient's right on the viewer's left, pixels square.</summary>
internal sealed class SliceCanvas
{
    private readonly CtVolume _volume;
    private readonly bool _flipRows;
    private readonly bool _flipColumns;

    public SliceCanvas(CtVolume volume, int longestSide)
    {
        _volume = volume;
        _flipRows = volume.Axes.Row == 'A';
        _flipColumns = volume.Axes.Column == 'R';
        var heightMm = volume.Rows * volume.RowSpacingMm;
        var widthMm = volume.Columns * volume.ColumnSpacingMm;
        var scale = longestSide / Math.Max(heightMm, widthMm);
        Width = Math.Max(1, (int)Math.Round(widthMm * scale));
        Height = Math.Max(1, (int)Math.Round(heightMm * scale));
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The voxel (row, column as stored) that a pixel of the canvas shows.</summary>
    public (int Row, int Column) VoxelAt(int x, int y)
    {
        var row = Math.Min(_volume.Rows - 1, (int)((y + 0.5) * _volume.Rows / Height));
        var column = Math.Min(_volume.Columns - 1, (int)((x + 0.5) * _volume.Columns / Width));
        return (_flipRows ? _volume.Rows - 1 - row : row, _flipColumns ? _volume.Columns - 1 - column : column);
    }

    public short HuAt(int slice, int row, int column) => _volume.Hu[((long)slice * _volume.Rows + row) * _volume.Columns + column];
}
