namespace FellowOakDicom;

/// <summary>A value breaks the rules of its value representation (PS3.5 6.2). <see cref="Content"/> may hold patient data: do not log it.</summary>
public class DicomValidationException : DicomDataException
{
    public DicomValidationException(string content, DicomVR vr, string message)
        : base(message)
    {
        Content = content;
        VR = vr;
    }

    public string Content { get; }

    public DicomVR VR { get; }

    /// <summary>What is wrong, without the value.</summary>
    public override string Message => $"Value of VR {VR?.Code} is not valid: {base.Message}";
}
