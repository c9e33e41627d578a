using HSENet.Dicom.Content;

namespace HSENet.Worker.Configuration;

/// <summary>Whether the pixels must show a chest, and how much of one. Bound from <c>HSENet:Series:Content</c>.</summary>
internal sealed class ContentOptions
{
    private const string Section = "HSENet:Series:Content";

    /// <summary>refuse (no report of what is no chest or lies otherwise than its header says) or record (told in the manifest only). Routes in the mode shadow record. Default refuse.</summary>
    public string Mode { get; set; } = "refuse";

    /// <summary>Least aerated lung, ml. Default 20.</summary>
    public double LeastLungMillilitres { get; set; } = ContentLimits.Default.LeastLungMillilitres;

    /// <summary>Least area of lung on the slice that shows most of it, as a share of the body's there. Default 0.05.</summary>
    public double LeastLungShare { get; set; } = ContentLimits.Default.LeastLungShare;

    /// <summary>
    /// Lung that is cut at an end of the scan, is seen over less than this and over less than a third of the scan, makes no chest where the scan goes on for more than
    /// OtherRegionMm without lung. mm. Default 100.
    /// </summary>
    public double LeastLungExtentMm { get; set; } = ContentLimits.Default.LeastLungExtentMm;

    /// <summary>How far such a scan goes on without lung, mm. Default 150.</summary>
    public double OtherRegionMm { get; set; } = ContentLimits.Default.OtherRegionMm;

    /// <summary>Lung on the outermost 8 mm at which an end of the lungs counts as not covered, as a share of its largest area. Default 0.1.</summary>
    public double OpenEndShare { get; set; } = ContentLimits.Default.OpenEndShare;

    /// <summary>Lowest plausible median of the body's inside, HU. Default -150.</summary>
    public double LowestTissueHu { get; set; } = ContentLimits.Default.TissueHu.Low;

    /// <summary>Highest plausible median of the body's inside, HU. Default 200.</summary>
    public double HighestTissueHu { get; set; } = ContentLimits.Default.TissueHu.High;

    /// <summary>How many times as much bone the front of the body must have as the back before the volume counts as turned over. Default 2.</summary>
    public double TurnedBoneRatio { get; set; } = ContentLimits.Default.TurnedBoneRatio;

    /// <summary>Least share of slices with a windpipe at the feet's end of the lungs before head and feet count as exchanged. Default 0.6.</summary>
    public double WindpipeShare { get; set; } = ContentLimits.Default.WindpipeShare;

    /// <summary>The limits as the check takes them.</summary>
    internal ContentLimits ToLimits() => new()
    {
        LeastLungMillilitres = LeastLungMillilitres,
        LeastLungShare = LeastLungShare,
        LeastLungExtentMm = LeastLungExtentMm,
        OtherRegionMm = OtherRegionMm,
        OpenEndShare = OpenEndShare,
        TissueHu = (LowestTissueHu, HighestTissueHu),
        TurnedBoneRatio = TurnedBoneRatio,
        WindpipeShare = WindpipeShare,
    };

    public IEnumerable<string> Validate()
    {
        if (Mode is not ("refuse" or "record"))
        {
            yield return $"{Section}:Mode must be refuse or record";
        }

        if (LeastLungMillilitres is not (>= 0 and <= 10000))
        {
            yield return $"{Section}:LeastLungMillilitres must be 0 to 10000";
        }

        if (LeastLungShare is not (>= 0 and <= 1))
        {
            yield return $"{Section}:LeastLungShare must be 0 to 1";
        }

        if (LeastLungExtentMm is not (>= 0 and <= 1000))
        {
            yield return $"{Section}:LeastLungExtentMm must be 0 to 1000";
        }

        if (OtherRegionMm is not (>= 0 and <= 3000))
        {
            yield return $"{Section}:OtherRegionMm must be 0 to 3000";
        }

        if (OpenEndShare is not (>= 0 and <= 1))
        {
            yield return $"{Section}:OpenEndShare must be 0 to 1";
        }

        if (LowestTissueHu is not (>= -1024 and <= 0))
        {
            yield return $"{Section}:LowestTissueHu must be -1024 to 0";
        }

        if (HighestTissueHu is not (>= 0 and <= 3000))
        {
            yield return $"{Section}:HighestTissueHu must be 0 to 3000";
        }

        if (TurnedBoneRatio is not (>= 1 and <= 1000))
        {
            yield return $"{Section}:TurnedBoneRatio must be 1 to 1000";
        }

        if (WindpipeShare is not (> 0.5 and <= 1))
        {
            yield return $"{Section}:WindpipeShare must be more than 0.5 and at most 1";
        }
    }
}
