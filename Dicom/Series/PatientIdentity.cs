namespace HSENet.Dicom.Series;

/// <summary>Who a slice says it is of. Patient data: never logged, never in a detail text.</summary>
/// <param name="Id">Patient ID without padding; null when absent or empty.</param>
/// <param name="Issuer">Issuer of Patient ID.</param>
/// <param name="BirthDate">Patient's Birth Date, digits only.</param>
/// <param name="Name">Patient's Name.</param>
internal sealed record PatientIdentity(string? Id, string? Issuer, string? BirthDate, PersonName? Name)
{
    /// <summary>How many of the four are there: the fullest identity of a series is the one that its report carries.</summary>
    public int Fullness => (Id is null ? 0 : 1) + (Issuer is null ? 0 : 1) + (BirthDate is null ? 0 : 1) + (Name is null ? 0 : 1);
}
