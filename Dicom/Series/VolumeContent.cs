namespace HSENet.Dicom.Series;

/// <summary>The least a chest CT must show: some soft tissue and some air. Catches air-only, blank and constant series.</summary>
internal static class VolumeContent
{
    /// <summary>Least share of voxels of either kind.</summary>
    private const double LeastShare = 0.005;

    public static Refusal? Judge(ReadOnlySpan<short> hu)
    {
        long tissue = 0, air = 0;
        foreach (var value in hu)
        {
            if (value is >= -200 and <= 300)
                tissue++;
            else if (value < -500)
                air++;
        }

        return tissue < hu.Length * LeastShare || air < hu.Length * LeastShare
            ? new(RefusalReason.NotChest, $"{100.0 * tissue / hu.Length:F2} % of the voxels are soft tissue and {100.0 * air / hu.Length:F2} % are air")
            : null;
    }
}
