namespace FellowOakDicom;

/// <summary>How this implementation names itself in files and associations (PS3.7 D.3.3.2). Set both at start.</summary>
public static class DicomImplementation
{
    public static DicomUID ClassUID { get; set; } =
        new("2.25.194353621347087529372861042217736155904", "HSENet implementation", DicomUidType.Unknown);

    /// <summary>At most 16 characters.</summary>
    public static string Version { get; set; } = "HSENET_TOOLKIT";
}
