namespace FellowOakDicom.IO.Reader;

/// <summary>A data set that may be sound, and is longer than its reader has room for.</summary>
internal sealed class DatasetTooLongException(string message) : DicomDataException(message);
