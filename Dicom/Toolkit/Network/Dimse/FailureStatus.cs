namespace FellowOakDicom.Network.Dimse;

/// <summary>The status for an exception. Its message stays here: it could hold patient data.</summary>
internal static class FailureStatus
{
    // ENOSPC and EDQUOT of Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly HashSet<int> _noSpace = OperatingSystem.IsWindows() ? [0x27, 0x70] : [28, 122];

    public static DicomStatus Of(Exception exception) =>
        exception is IOException && _noSpace.Contains(exception.HResult & 0xFFFF)
            ? DicomStatus.StorageStorageOutOfResources
            : DicomStatus.ProcessingFailure;
}
