namespace FellowOakDicom.Network.Client;

/// <summary>Answers an event that the peer reports on a client's association.</summary>
public delegate Task<DicomNEventReportResponse> DicomClientNEventReportRequestHandler(DicomNEventReportRequest request);
