namespace FellowOakDicom.Network;

/// <summary>Class of a status code (PS3.7 annex C).</summary>
public enum DicomState
{
    Success,
    Cancel,
    Pending,
    Warning,
    Failure,
}
