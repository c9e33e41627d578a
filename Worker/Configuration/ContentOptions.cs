using HSENet.Dicom.Content;

namespace HSENet.Worker.Configuration;

/// <summary>Whether the pixels must show a chest, and how much of one. Bound from <c>HSENet:Series:Content</c>.</summary>
internal sealed class ContentOptions
{
    private const string Section = "HSENet:Series:Content";

    /// <summary>
    /// refuse (no report of what is no chest or lies otherwise than its header says) or record (told in log, audit and manifest). Routes
    /// in the mode shadow record. Default refuse.
    /// </summary>
    public string Mode { get; set; } = "refuse";

    /// <summary>Least aerated lung, ml. Default 20.</summary>
    public double LeastLungMillilitres { get; set; } = ContentLimits.Default.LeastLungMillilitres;

    /// <summary>Least area of lung on the slice that shows most of it, as a share of the body's there. Default 0.07.</summary>
    public double LeastLungShare { get; set; } = ContentLimits.Default.LeastLungShare;

    /// <summary>Less lung than this share must lie on both sides of the body's middle and within ribs. Default 0.12.</summary>
    public double SmallLungShare { get; set; } = ContentLimits.Default.SmallLungShare;

    /// <summary>How often there must be bone between such lungs' sides and the outside, as a share. Default 0.2.</summary>
    public double LeastRibShare { get; set; } = ContentLimits.Default.LeastRibShare;

    /// <summary>
    /// Least thickness of the body outside of lungs that are as even as foam (EvenLungHu): less is a cushion's strap. mm. Default 12.
    /// </summary>
    public double LeastWallMm { get; set; } = ContentLimits.Default.LeastWallMm;

    /// <summary>From the tenth to the ninetieth percentile of the lungs' inside: less is even, HU. Default 100.</summary>
    public double EvenLungHu { get; set; } = ContentLimits.Default.EvenLungHu;

    /// <summary>
    /// Lung that is cut at an end of the scan and is seen over less than this makes no chest where the scan goes on for OtherRegionMm
    /// without lung. In proportion where the body is less than 250 mm wide. mm. Default 100.
    /// </summary>
    public double LeastLungExtentMm { get; set; } = ContentLimits.Default.LeastLungExtentMm;

    /// <summary>How far such a scan goes on without lung, mm. Default 8.</summary>
    public double OtherRegionMm { get; set; } = ContentLimits.Default.OtherRegionMm;

    /// <summary>Lung on the outermost 8 mm at which an end of the lungs counts as not covered, as a share of its largest area. Default 0.1.</summary>
    public double OpenEndShare { get; set; } = ContentLimits.Default.OpenEndShare;

    /// <summary>Lowest plausible median of the body's inside, HU. Default -150.</summary>
    public double LowestTissueHu { get; set; } = ContentLimits.Default.TissueHu.Low;

    /// <summary>Highest plausible median of the body's inside, HU. Default 200.</summary>
    public double HighestTissueHu { get; set; } = ContentLimits.Default.TissueHu.High;

    /// <summary>How many times as much bone the front of the body must have as the back before the volume counts as turned over. Default 2.</summary>
    public double TurnedBoneRatio { get; set; } = ContentLimits.Default.TurnedBoneRatio;

    /// <summary>
    /// Over how much of the scan the lungs must fill a quarter of the body for the bone to be compared there; else they must be seen over
    /// 100 mm. mm. Default 30.
    /// </summary>
    public double LeastWideExtentMm { get; set; } = ContentLimits.Default.LeastWideExtentMm;

    /// <summary>Least share of slices with a windpipe at the feet's end of the lungs before head and feet count as exchanged. Default 0.6.</summary>
    public double WindpipeShare { get; set; } = ContentLimits.Default.WindpipeShare;

    /// <summary>The limits as the check takes them.</summary>
    internal ContentLimits ToLimits() => new()
    {
        LeastLungMillilitres = LeastLungMillilitres,
        LeastLungShare = LeastLungShare,
        SmallLungShare = SmallLungShare,
        LeastRibShare = LeastRibShare,
        LeastWallMm = LeastWallMm,
        EvenLungHu = EvenLungHu,
        LeastLungExtentMm = LeastLungExtentMm,
        OtherRegionMm = OtherRegionMm,
        OpenEndShare = OpenEndShare,
        TissueHu = (LowestTissueHu, HighestTissueHu),
        TurnedBoneRatio = TurnedBoneRatio,
        LeastWideExtentMm = LeastWideExtentMm,
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

        if (SmallLungShare is not (>= 0 and <= 1))
        {
            yield return $"{Section}:SmallLungShare must be 0 to 1";
        }

        if (LeastRibShare is not (>= 0 and <= 1))
        {
            yield return $"{Section}:LeastRibShare must be 0 to 1";
        }

        if (LeastWallMm is not (>= 0 and <= 100))
        {
            yield return $"{Section}:LeastWallMm must be 0 to 100";
        }

        if (EvenLungHu is not (>= 0 and <= 1000))
        {
            yield return $"{Section}:EvenLungHu must be 0 to 1000";
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

        if (LeastWideExtentMm is not (>= 0 and <= 1000))
        {
            yield return $"{Section}:LeastWideExtentMm must be 0 to 1000";
        }

        if (WindpipeShare is not (> 0.5 and <= 1))
        {
            yield return $"{Section}:WindpipeShare must be more than 0.5 and at most 1";
        }
    }
}
