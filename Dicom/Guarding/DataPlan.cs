namespace HSENet.Dicom.Guarding;

/// <summary>What becomes of a data set.</summary>
internal enum DataPlan
{
    /// <summary>An instance: goes on as it comes, to be written unparsed.</summary>
    Pass,

    /// <summary>Held until it is whole and its depth and length are known; then the toolkit parses it.</summary>
    Hold,

    /// <summary>Nobody asked for it, or its sender may not: the toolkit sees the command without it.</summary>
    Drop,
}
