namespace HSENet.Dicom;

/// <summary>A broken promise at the DICOM boundary. <see cref="Code"/> is stable and reaches the operator.</summary>
public sealed class HSENetDicomException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Dotted, for example <c>dicom.format</c>, <c>dicom.depth</c>.</summary>
    public string Code { get; } = code;
}
