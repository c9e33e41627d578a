namespace HSENet.Dicom.Content;

/// <summary>Connected regions of a grid.</summary>
internal static class Region
{
    /// <summary>Regions of voxels for which <paramref name="isInside"/> holds, joined over the six faces, each as its voxel indices.</summary>
    public static List<int[]> All(CoarseGrid grid, bool[] isInside)
    {
        var regions = new List<int[]>();
        var isSeen = new bool[isInside.Length];
        var queue = new List<int>();
        var plane = grid.Rows * grid.Columns;
        for (var start = 0; start < isInside.Length; start++)
        {
            if (!isInside[start] || isSeen[start])
                continue;

            queue.Clear();
            Take(start);
            for (var i = 0; i < queue.Count; i++)
            {
                var at = queue[i];
                var (z, row, column) = (at / plane, at / grid.Columns % grid.Rows, at % grid.Columns);
                if (z > 0)
                    Take(at - plane);
                if (z < grid.Slices - 1)
                    Take(at + plane);
                if (row > 0)
                    Take(at - grid.Columns);
                if (row < grid.Rows - 1)
                    Take(at + grid.Columns);
                if (column > 0)
                    Take(at - 1);
                if (column < grid.Columns - 1)
                    Take(at + 1);
            }

            regions.Add([.. queue]);
        }

        return regions;

        void Take(int at)
        {
            if (!isInside[at] || isSeen[at])
                return;

            isSeen[at] = true;
            queue.Add(at);
        }
    }
}
