namespace HSENet.Dicom.Guarding;

/// <summary>An accepted presentation context.</summary>
internal sealed record NegotiatedContext(string AbstractSyntax, string TransferSyntax);
