using HSENet.Dicom.Series;

namespace HSENet.Dicom.Content;

/// <summary>Finds body, lungs, spine and windpipe on a coarse grid.</summary>
internal sealed class ContentAnalysis
{
    private const short Tissue = -400;

    /// <summary>Ground glass is -700 to -300 HU; fat, the lightest of tissues, -100.</summary>
    private const short Air = -350;
    private const short Gas = -960;
    private const short Bone = 200;
    private const double LeastLungMillilitres = 10;
    private const double LeastLungTissue = 0.5;
    private const double LeastEmphysemaTissue = 0.1;
    private const double SurelyLungMillilitres = 1500;

    /// <summary>Slices whose lung fills so much of the body lie below the collar bones, which are in front.</summary>
    private const double WideShare = 0.25;

    /// <summary>A foam cushion beside the head is no lung, and a lung that has shrunk below this is not missed.</summary>
    private const double LeastShareOfLargest = 0.2;

    private const double EndMm = 8;

    /// <summary>What is thinner from front to back encloses no lung: a table, a strap, a blanket.</summary>
    private const double LeastDepthMm = 10;

    private readonly CoarseGrid _grid;
    private readonly bool[] _body;
    private readonly bool[] _lung;
    private readonly (int First, int Last)[] _rowSpans;
    private readonly (int First, int Last)[] _columnSpans;

    private ContentAnalysis(CoarseGrid grid)
    {
        _grid = grid;
        _body = Largest(grid, [.. grid.Hu.Select(hu => hu > Tissue)]);
        _rowSpans = new (int, int)[grid.Slices * grid.Rows];
        _columnSpans = new (int, int)[grid.Slices * grid.Columns];
        Span();
        _lung = Lungs();
    }

    public static ContentMeasures Measure(CtVolume volume) => new ContentAnalysis(CoarseGrid.Of(volume)).Measure();

    private int Plane => _grid.Rows * _grid.Columns;

    private ContentMeasures Measure()
    {
        var areas = new double[_grid.Slices];
        for (var i = 0; i < _lung.Length; i++)
            areas[i / Plane] += _lung[i] ? _grid.VoxelSquareCentimetres : 0;

        var largest = areas.Max();
        var slice = Array.IndexOf(areas, largest);
        var body = BodyArea(slice);
        var (bottom, top) = (Array.FindIndex(areas, a => a >= largest / 10), Array.FindLastIndex(areas, a => a >= largest / 10));
        short[] inside = [.. Enumerable.Range(0, _lung.Length).Where(i => _lung[i] && IsInside(_lung, i)).Select(i => _grid.Hu[i]).Order()];
        var ends = Math.Clamp((int)Math.Round(EndMm / _grid.Mm.Slice), 1, _grid.Slices);
        var wall = Wall();
        int[] wide = [.. Enumerable.Range(0, _grid.Slices).Where(z => areas[z] > 0 && areas[z] >= WideShare * BodyArea(z))];
        return new()
        {
            LungMillilitres = _lung.Count(l => l) * _grid.VoxelMillilitres,
            LargestLungAreaCm2 = largest,
            LargestLungShare = body == 0 ? 0 : largest / body,
            LungSpreadHu = inside.Length == 0 ? 0 : inside[inside.Length * 9 / 10] - inside[inside.Length / 10],
            LungWallMm = wall.Mm,
            LungRibShare = wall.RibShare,
            LungSides = Sides(),
            BodyWidthMm = largest == 0 ? null : WidthMm(slice),
            LungExtentMm = largest == 0 ? 0 : areas.Count(a => a >= largest / 10) * _grid.Mm.Slice,
            ScanExtentMm = _grid.Slices * _grid.Mm.Slice,
            LungShareAtTop = largest == 0 ? 0 : areas.TakeLast(ends).Average() / largest,
            LungShareAtBottom = largest == 0 ? 0 : areas.Take(ends).Average() / largest,
            TissueHu = TissueMedian(),
            BoneMillilitres = largest == 0 ? (0, 0) : MiddleBone(Enumerable.Range(bottom, top - bottom + 1)),
            WideExtentMm = wide.Length * _grid.Mm.Slice,
            WideBoneMillilitres = MiddleBone(wide),
            Windpipe = largest == 0 ? (0, 0) : Windpipe(bottom, top),
        };
    }

    /// <summary>
    /// First and last voxel of the body on each row and on each column of each slice, of what has some depth from front to back;
    /// (int.MaxValue, -1) where there is none.
    /// </summary>
    private void Span()
    {
        var depths = Depths();
        Array.Fill(_rowSpans, (int.MaxValue, -1));
        Array.Fill(_columnSpans, (int.MaxValue, -1));
        for (var i = 0; i < _body.Length; i++)
        {
            if (!_body[i] || depths[i] * _grid.Mm.Row < LeastDepthMm)
                continue;

            var (z, row, column) = Place(i);
            ref var across = ref _rowSpans[z * _grid.Rows + row];
            ref var along = ref _columnSpans[z * _grid.Columns + column];
            across = (Math.Min(across.First, column), Math.Max(across.Last, column));
            along = (Math.Min(along.First, row), Math.Max(along.Last, row));
        }
    }

    /// <summary>Of each voxel of the body: how many it lies among, one behind the other.</summary>
    private int[] Depths()
    {
        var depths = new int[_body.Length];
        for (var i = 0; i < _body.Length; i++)
        {
            if (!_body[i] || depths[i] > 0)
                continue;

            var end = i;
            while (end < i / Plane * Plane + Plane && _body[end])
                end += _grid.Columns;

            for (var at = i; at < end; at += _grid.Columns)
                depths[at] = (end - i) / _grid.Columns;
        }

        return depths;
    }

    /// <summary>Is there body on at least three of the four sides, in the axial plane? One may be cut by the field of view.</summary>
    private bool IsEnclosed(int index)
    {
        var (z, row, column) = Place(index);
        var (across, along) = (_rowSpans[z * _grid.Rows + row], _columnSpans[z * _grid.Columns + column]);
        var sides = (column > across.First ? 1 : 0) + (column < across.Last ? 1 : 0) + (row > along.First ? 1 : 0) + (row < along.Last ? 1 : 0);
        return sides >= 3;
    }

    /// <summary>Enclosed air whose inside is mostly denser than gas: not bowel, not windpipe, not a cavity of bone.</summary>
    private bool[] Lungs()
    {
        var air = new bool[_body.Length];
        for (var i = 0; i < air.Length; i++)
            air[i] = _grid.Hu[i] < Air && IsEnclosed(i);

        var lungs = Region.All(_grid, air).Where(r => IsLung(r, air)).ToArray();
        var least = lungs.Length == 0 ? 0 : lungs.Max(r => r.Length) * LeastShareOfLargest;
        var lung = new bool[_body.Length];
        foreach (var i in lungs.Where(r => r.Length >= least).SelectMany(r => r))
            lung[i] = true;

        return lung;
    }

    private bool IsLung(int[] region, bool[] air)
    {
        var millilitres = region.Length * _grid.VoxelMillilitres;
        if (millilitres < LeastLungMillilitres)
            return false;

        var inside = region.Where(i => IsInside(air, i)).ToArray();
        var tissue = inside.Length == 0 ? 0 : (double)inside.Count(i => _grid.Hu[i] >= Gas) / inside.Length;
        return tissue >= LeastLungTissue || (tissue >= LeastEmphysemaTissue && millilitres >= SurelyLungMillilitres);
    }

    /// <summary>
    /// Between the lungs' sides and the outside, to the left and to the right on each row: the median of the tissue, where the field of
    /// view does not cut it, and how often there is bone.
    /// </summary>
    private (double Mm, double RibShare) Wall()
    {
        var walls = new List<int>();
        var (ribs, sides) = (0, 0);
        for (var line = 0; line < _rowSpans.Length; line++)
        {
            var start = line * _grid.Columns;
            var first = Array.IndexOf(_lung, true, start, _grid.Columns);
            if (first < 0)
                continue;

            Add(first, -1, start - 1);
            Add(Array.LastIndexOf(_lung, true, start + _grid.Columns - 1, _grid.Columns), 1, start + _grid.Columns);
        }

        walls.Sort();
        return (walls.Count == 0 ? 0 : walls[walls.Count / 2] * _grid.Mm.Column, sides == 0 ? 0 : (double)ribs / sides);

        void Add(int from, int step, int end)
        {
            var at = from + step;
            while (at != end && _grid.Hu[at] < Tissue) // the lung's blurred border
                at += step;

            var (wall, hasBone) = (0, false);
            for (; at != end && _grid.Hu[at] >= Tissue; at += step)
            {
                wall++;
                hasBone |= _grid.Hu[at] >= Bone;
            }

            sides++;
            ribs += hasBone ? 1 : 0;

            if (at != end)
                walls.Add(wall);
        }
    }

    /// <summary>Shares of the lung to the right and to the left of the body's middle, slice by slice.</summary>
    private (double Right, double Left) Sides()
    {
        var (right, left) = (0, 0);
        for (var z = 0; z < _grid.Slices; z++)
        {
            if (Box(z) is not { } box)
                continue;

            for (var i = z * Plane; i < (z + 1) * Plane; i++)
            {
                right += _lung[i] && i % _grid.Columns < box.Middle ? 1 : 0;
                left += _lung[i] && i % _grid.Columns > box.Middle ? 1 : 0;
            }
        }

        return right + left == 0 ? (0, 0) : ((double)right / (right + left), (double)left / (right + left));
    }

    /// <summary>Null where the field of view cuts the body's sides.</summary>
    private double? WidthMm(int z)
    {
        var rows = Enumerable.Range(0, _grid.Rows).Select(r => _rowSpans[z * _grid.Rows + r]).Where(s => s.Last >= 0).ToArray();
        var (first, last) = rows.Length == 0 ? (0, 0) : (rows.Min(s => s.First), rows.Max(s => s.Last));
        return first > 0 && last < _grid.Columns - 1 ? (last - first + 1) * _grid.Mm.Column : null;
    }

    private double? TissueMedian()
    {
        var counts = new int[ushort.MaxValue + 1];
        var total = 0;
        for (var i = 0; i < _body.Length; i++)
        {
            if (!_body[i] || !IsInside(_body, i))
                continue;

            counts[_grid.Hu[i] - short.MinValue]++;
            total++;
        }

        if (total == 0)
            return null;

        var (seen, value) = (0, 0);
        while ((seen += counts[value]) * 2 < total)
            value++;

        return value + short.MinValue;
    }

    /// <summary>Bone within a tenth of the body's width on either side of its middle, in the outer thirds of its depth.</summary>
    private (double Front, double Back) MiddleBone(IEnumerable<int> slices)
    {
        var (front, back) = (0, 0);
        foreach (var z in slices)
        {
            if (Box(z) is not { } box)
                continue;

            for (var row = box.Front; row <= box.Back; row++)
            {
                var depth = (row - box.Front + 0.5) / (box.Back - box.Front + 1);
                if (depth is > 1.0 / 3 and < 2.0 / 3)
                    continue;

                for (var column = box.Middle - box.Width / 10; column <= box.Middle + box.Width / 10; column++)
                {
                    var i = (z * _grid.Rows + row) * _grid.Columns + column;
                    if (!_body[i] || _grid.Hu[i] < Bone)
                        continue;

                    front += depth < 0.5 ? 1 : 0;
                    back += depth < 0.5 ? 0 : 1;
                }
            }
        }

        return (front * _grid.VoxelMillilitres, back * _grid.VoxelMillilitres);
    }

    private (double Top, double Bottom) Windpipe(int bottom, int top)
    {
        var quarter = Math.Max(1, (top - bottom + 1) / 4);
        return (Share(top - quarter + 1, top), Share(bottom, bottom + quarter - 1));

        double Share(int first, int last) => Enumerable.Range(first, last - first + 1).Average(z => HasWindpipe(z) ? 1.0 : 0);
    }

    /// <summary>A hole of air, 0.5 to 9 cm², apart from the lungs, near the middle of the body.</summary>
    private bool HasWindpipe(int z)
    {
        if (Box(z) is not { } box)
            return false;

        var isSeen = new bool[Plane];
        for (var row = box.Front; row <= box.Back; row++)
        {
            for (var column = box.Middle - box.Width / 6; column <= box.Middle + box.Width / 6; column++)
            {
                var (area, middle) = Hole(z, row, column, isSeen);
                if (area * _grid.VoxelSquareCentimetres is > 0.5 and < 9 && Math.Abs(middle - box.Middle) <= box.Width / 8.0)
                    return true;
            }
        }

        return false;
    }

    private (int Area, double Middle) Hole(int z, int row, int column, bool[] isSeen)
    {
        const short Hole = -600;
        const short HoleGas = -930;
        var start = row * _grid.Columns + column;
        if (isSeen[start] || _grid.Hu[z * Plane + start] >= Hole || !IsEnclosed(z * Plane + start))
            return (0, 0);

        var queue = new List<int> { start };
        isSeen[start] = true;
        var (sum, least) = (0L, short.MaxValue);
        for (var i = 0; i < queue.Count; i++)
        {
            var (r, c) = (queue[i] / _grid.Columns, queue[i] % _grid.Columns);
            sum += c;
            least = Math.Min(least, _grid.Hu[z * Plane + queue[i]]);
            foreach (var (nr, nc) in new[] { (r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1) })
            {
                var at = nr * _grid.Columns + nc;
                if (nr < 0 || nr >= _grid.Rows || nc < 0 || nc >= _grid.Columns || isSeen[at] || _grid.Hu[z * Plane + at] >= Hole)
                    continue;

                isSeen[at] = true;
                queue.Add(at);
            }
        }

        return least > HoleGas ? (0, 0) : (queue.Count, (double)sum / queue.Count);
    }

    private (int Front, int Back, int Middle, int Width)? Box(int z)
    {
        var rows = Enumerable.Range(0, _grid.Rows).Where(r => _rowSpans[z * _grid.Rows + r].Last >= 0).ToArray();
        if (rows.Length == 0)
            return null;

        var (first, last) = (rows.Min(r => _rowSpans[z * _grid.Rows + r].First), rows.Max(r => _rowSpans[z * _grid.Rows + r].Last));
        return (rows[0], rows[^1], (first + last) / 2, last - first + 1);
    }

    private double BodyArea(int z) => Enumerable.Range(0, _grid.Rows)
        .Select(r => _rowSpans[z * _grid.Rows + r]).Where(s => s.Last >= 0).Sum(s => s.Last - s.First + 1) * _grid.VoxelSquareCentimetres;

    private bool IsInside(bool[] mask, int index)
    {
        var (z, row, column) = Place(index);
        return (z == 0 || mask[index - Plane]) && (z == _grid.Slices - 1 || mask[index + Plane])
            && row > 0 && mask[index - _grid.Columns] && row < _grid.Rows - 1 && mask[index + _grid.Columns]
            && column > 0 && mask[index - 1] && column < _grid.Columns - 1 && mask[index + 1];
    }

    private (int Z, int Row, int Column) Place(int index) => (index / Plane, index / _grid.Columns % _grid.Rows, index % _grid.Columns);

    private static bool[] Largest(CoarseGrid grid, bool[] mask)
    {
        var largest = new bool[mask.Length];
        foreach (var i in Region.All(grid, mask).MaxBy(r => r.Length) ?? [])
            largest[i] = true;

        return largest;
    }
}
