using System.Globalization;
using System.Text;

namespace HSENet.Dicom.Files;

/// <summary>Collects the few values the scan reports. Reads no value longer than <see cref="MaximumValue"/>.</summary>
/// <param name="transferSyntaxUid">Known beforehand: of a data set without file meta information.</param>
internal sealed class HeaderFields(string? transferSyntaxUid)
{
    private const int MaximumValue = 128;
    private const int MaximumIdentity = 1024;

    private string? _mediaSopClass;
    private string? _sopClass;
    private string? _sopInstance;
    private string? _study;
    private string? _series;
    private string? _modality;
    private string? _accession;
    private string? _patientName;
    private string? _patientId;
    private int? _instanceNumber;
    private string? _transferSyntax = transferSyntaxUid;

    public string? TransferSyntaxUid => _transferSyntax;

    /// <summary>Media Storage SOP Class UID.</summary>
    public string? MediaSopClassUid => _mediaSopClass;

    public string? StudyInstanceUid => _study;

    public string? SeriesInstanceUid => _series;

    /// <summary>An element of group 0002; the reader stands at its value.</summary>
    public ScanResult.Refused? TakeMeta(ElementHeader header, ScanReader reader) => header.Tag switch
    {
        0x00020002 => TakeUid(header, reader, ref _mediaSopClass, "dicom.uid"),
        0x00020010 => TakeUid(header, reader, ref _transferSyntax, "dicom.transfer-syntax"),
        _ => null,
    };

    /// <summary>An element of the outermost data set; the reader stands at its value.</summary>
    public ScanResult.Refused? Take(ElementHeader header, ScanReader reader)
    {
        switch (header.Tag)
        {
            case 0x00080016:
                return TakeUid(header, reader, ref _sopClass, "dicom.uid");
            case 0x00080018:
                return TakeUid(header, reader, ref _sopInstance, "dicom.uid");
            case 0x0020000D:
                return TakeUid(header, reader, ref _study, "dicom.uid");
            case 0x0020000E:
                return TakeUid(header, reader, ref _series, "dicom.uid");
            case 0x00080060:
                var modality = Text(header, reader);
                _modality ??= modality is { Length: > 0 and <= 16 } && modality.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ' ') ? modality : null;
                return null;
            case 0x00080050:
                var accession = Text(header, reader)?.Trim(' ');
                _accession ??= accession is { Length: > 0 and <= 64 } && accession.All(c => c is >= ' ' and <= '~' and not '\\') ? accession : null;
                return null;
            case 0x00100010:
                return TakeIdentity(header, reader, ref _patientName);
            case 0x00100020:
                return TakeIdentity(header, reader, ref _patientId);
            case 0x00200013:
                if (int.TryParse(Text(header, reader), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    _instanceNumber ??= number;
                return null;
            default:
                return null;
        }
    }

    public ScanResult ToResult(long dataSetOffset, long dataSetEnd, DataSetWalk walk, int faults)
    {
        var sopClass = _sopClass ?? _mediaSopClass;
        var missing = sopClass is null ? "SOP Class UID" : _sopInstance is null ? "SOP Instance UID"
            : _study is null ? "Study Instance UID" : _series is null ? "Series Instance UID" : null;
        if (missing is not null)
            return new ScanResult.Refused("dicom.uid", $"{missing} is missing or empty");
        return new ScanResult.Sound(new InstanceHeader
        {
            TransferSyntaxUid = _transferSyntax!,
            SopClassUid = sopClass!,
            SopInstanceUid = _sopInstance!,
            StudyInstanceUid = _study!,
            SeriesInstanceUid = _series!,
            Modality = _modality,
            Accession = _accession,
            InstanceNumber = _instanceNumber,
            DataSetOffset = dataSetOffset,
            DataSetEnd = dataSetEnd,
            ToleratedFaults = faults,
            ElementCount = walk.ElementCount,
        });
    }

    /// <summary>A reader takes one of two values: which patient would the report be of?</summary>
    private static ScanResult.Refused? TakeIdentity(ElementHeader header, ScanReader reader, ref string? field)
    {
        reader.TryPeek((int)Math.Min(header.Length, MaximumIdentity), out var bytes);
        var value = $"{(header.Length > MaximumIdentity ? header.Length : 0)} {Encoding.Latin1.GetString(bytes.Trim(" \0"u8))}";
        if (field is not null && field != value)
            return new("dicom.identity", $"{header} at offset {reader.Position - header.Size} is there twice with different values");
        field = value;
        return null;
    }

    private static ScanResult.Refused? TakeUid(ElementHeader header, ScanReader reader, ref string? field, string code)
    {
        if (Text(header, reader) is not { } value)
            return new(code, $"{header} at offset {reader.Position - header.Size} has {header.Length} bytes, a UID has at most {UidText.MaximumLength}");
        if (value.Length == 0)
            return null;
        if (!UidText.IsUid(value))
            return new(code, $"{header} at offset {reader.Position - header.Size} is not a UID");
        if (field is not null && field != value)
            return new(code, $"{header} at offset {reader.Position - header.Size} is there twice with different values");
        field = value;
        return null;
    }

    /// <summary>Without padding (PS3.5 6.2: space, NUL for UIDs; both occur everywhere). Null when too long to be sane.</summary>
    private static string? Text(ElementHeader header, ScanReader reader) =>
        header.Length <= MaximumValue && reader.TryPeek((int)header.Length, out var bytes)
            ? Encoding.Latin1.GetString(bytes.Trim(" \0"u8))
            : null;
}
