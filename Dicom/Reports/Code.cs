using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>A coded entry (PS3.3 8.8) with the meaning that its scheme gives.</summary>
internal sealed record Code(string Value, string Scheme, string Meaning)
{
    // PS3.16 CID 7000, 7001, 7002: title, headings and elements of diagnostic imaging reports
    public static readonly Code ChestReport = new("24627-2", "LN", "CT Chest Report");
    public static readonly Code FindingsHeading = new("59776-5", "LN", "Findings");
    public static readonly Code ImpressionsHeading = new("19005-8", "LN", "Impressions");
    public static readonly Code Finding = new("121071", "DCM", "Finding");
    public static readonly Code Impression = new("121073", "DCM", "Impression");

    // TID 2000 rows 2 to 4, TID 1204
    public static readonly Code ProcedureReported = new("121058", "DCM", "Procedure reported");
    public static readonly Code CtOfChest = new("169069000", "SCT", "CT of chest");
    public static readonly Code AcquisitionDeviceType = new("122142", "DCM", "Acquisition Device Type");
    public static readonly Code ComputedTomography = new("CT", "DCM", "Computed Tomography");
    public static readonly Code TargetRegion = new("123014", "DCM", "Target Region");
    public static readonly Code Chest = new("51185008", "SCT", "Chest");
    public static readonly Code Language = new("121049", "DCM", "Language of Content Item and Descendants");
    public static readonly Code English = new("en", "RFC5646", "English");

    // TID 1002, 1004
    public static readonly Code ObserverType = new("121005", "DCM", "Observer Type");
    public static readonly Code Device = new("121007", "DCM", "Device");
    public static readonly Code DeviceObserverUid = new("121012", "DCM", "Device Observer UID");
    public static readonly Code DeviceObserverName = new("121013", "DCM", "Device Observer Name");
    public static readonly Code DeviceObserverManufacturer = new("121014", "DCM", "Device Observer Manufacturer");
    public static readonly Code DeviceObserverModelName = new("121015", "DCM", "Device Observer Model Name");
    public static readonly Code DeviceObserverSerialNumber = new("121016", "DCM", "Device Observer Serial Number");

    // CID 7005: contributing equipment
    public static readonly Code AcquisitionEquipment = new("109101", "DCM", "Acquisition Equipment");
    public static readonly Code ProcessingEquipment = new("109102", "DCM", "Processing Equipment");

    public DicomSequence In(DicomTag tag) => new(tag, Item());

    private DicomDataset Item() => ReportDataSet.Create(
        new DicomShortString(DicomTag.CodeValue, Value),
        new DicomShortString(DicomTag.CodingSchemeDesignator, Scheme),
        new DicomLongString(DicomTag.CodeMeaning, Meaning));
}
