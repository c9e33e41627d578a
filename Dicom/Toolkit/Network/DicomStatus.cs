using System.Globalization;

namespace FellowOakDicom.Network;

/// <summary>Status (0000,0900) of a response (PS3.7 annex C, PS3.4 B.2.3). Two are equal when their codes are.</summary>
public class DicomStatus
{
    /// <summary>Longest value of Error Comment (0000,0902), VR LO, characters.</summary>
    private const int CommentLimit = 64;

    public static readonly DicomStatus Success = new("0000", DicomState.Success, "Success");
    public static readonly DicomStatus Cancel = new("FE00", DicomState.Cancel, "Cancel");
    public static readonly DicomStatus Pending = new("FF00", DicomState.Pending, "Pending");
    public static readonly DicomStatus ProcessingFailure = new("0110", DicomState.Failure, "Processing failure");
    public static readonly DicomStatus DuplicateSOPInstance = new("0111", DicomState.Failure, "Duplicate SOP instance");
    public static readonly DicomStatus NoSuchObjectInstance = new("0112", DicomState.Failure, "No such SOP instance");
    public static readonly DicomStatus InvalidArgumentValue = new("0115", DicomState.Failure, "Invalid argument value");
    public static readonly DicomStatus ClassInstanceConflict = new("0119", DicomState.Failure, "Class-instance conflict");
    public static readonly DicomStatus MissingAttribute = new("0120", DicomState.Failure, "Missing attribute");
    public static readonly DicomStatus SOPClassNotSupported = new("0122", DicomState.Failure, "Refused: SOP class not supported");
    public static readonly DicomStatus NoSuchActionType = new("0123", DicomState.Failure, "No such action type");
    public static readonly DicomStatus NoSuchEventType = new("0113", DicomState.Failure, "No such event type");
    public static readonly DicomStatus NoSuchArgument = new("0114", DicomState.Failure, "No such argument");
    public static readonly DicomStatus InvalidAttributeValue = new("0106", DicomState.Failure, "Invalid attribute value");
    public static readonly DicomStatus AttributeListError = new("0107", DicomState.Warning, "Attribute list error");
    public static readonly DicomStatus AttributeValueOutOfRange = new("0116", DicomState.Warning, "Attribute value out of range");
    public static readonly DicomStatus InvalidObjectInstance = new("0117", DicomState.Failure, "Invalid SOP instance");
    public static readonly DicomStatus NoSuchSOPClass = new("0118", DicomState.Failure, "No such SOP class");
    public static readonly DicomStatus MissingAttributeValue = new("0121", DicomState.Failure, "Missing attribute value");
    public static readonly DicomStatus DuplicateInvocation = new("0210", DicomState.Failure, "Duplicate invocation");
    public static readonly DicomStatus MistypedArgument = new("0212", DicomState.Failure, "Mistyped argument");
    public static readonly DicomStatus UnrecognizedOperation = new("0211", DicomState.Failure, "Unrecognized operation");
    public static readonly DicomStatus ResourceLimitation = new("0213", DicomState.Failure, "Resource limitation");
    public static readonly DicomStatus StorageStorageOutOfResources = new("A7xx", DicomState.Failure, "Refused: out of resources");
    public static readonly DicomStatus StorageDataSetDoesNotMatchSOPClassError =
        new("A9xx", DicomState.Failure, "Error: data set does not match SOP class");

    public static readonly DicomStatus StorageCannotUnderstand = new("Cxxx", DicomState.Failure, "Error: cannot understand");
    public static readonly DicomStatus StorageCoercionOfDataElements = new("B000", DicomState.Warning, "Coercion of data elements");
    public static readonly DicomStatus StorageElementsDiscarded = new("B006", DicomState.Warning, "Elements discarded");
    public static readonly DicomStatus StorageDataSetDoesNotMatchSOPClassWarning =
        new("B007", DicomState.Warning, "Data set does not match SOP class");

    /// <summary>The query has more matches than the service gives (PS3.4 C.4.1.1.4).</summary>
    public static readonly DicomStatus QueryRetrieveOutOfResources = new("A700", DicomState.Failure, "Refused: out of resources");

    public static readonly DicomStatus QueryRetrieveIdentifierDoesNotMatchSOPClass =
        new("A900", DicomState.Failure, "Error: identifier does not match SOP class");

    public static readonly DicomStatus QueryRetrieveUnableToProcess = new("Cxxx", DicomState.Failure, "Failed: unable to process");

    /// <summary>A match; some of the optional keys are not supported.</summary>
    public static readonly DicomStatus QueryRetrieveOptionalKeysNotSupported =
        new("FF01", DicomState.Pending, "Pending: optional keys not supported");

    /// <summary>The code on the wire. Where the status stands for a range, the first of it.</summary>
    public readonly ushort Code;

    public readonly DicomState State;

    public readonly string Description;

    /// <summary>Error Comment (0000,0902), at most 64 characters; null when there is none.</summary>
    public readonly string? ErrorComment;

    private static readonly DicomStatus[] _known =
    [
        Success, Cancel, Pending, ProcessingFailure, DuplicateSOPInstance, NoSuchObjectInstance, InvalidArgumentValue, ClassInstanceConflict,
        MissingAttribute, SOPClassNotSupported, NoSuchActionType, UnrecognizedOperation, ResourceLimitation,
        NoSuchEventType, NoSuchArgument, InvalidAttributeValue, AttributeListError, AttributeValueOutOfRange, InvalidObjectInstance,
        NoSuchSOPClass, MissingAttributeValue, DuplicateInvocation, MistypedArgument, QueryRetrieveOptionalKeysNotSupported,
        StorageCoercionOfDataElements, StorageElementsDiscarded, StorageDataSetDoesNotMatchSOPClassWarning,
        StorageStorageOutOfResources, StorageDataSetDoesNotMatchSOPClassError, StorageCannotUnderstand,
    ];

    private readonly ushort _mask;

    /// <param name="code">Four hexadecimal digits; x stands for any digit.</param>
    /// <param name="status">Class of the status.</param>
    /// <param name="desc">For people.</param>
    public DicomStatus(string code, DicomState status, string desc)
        : this(ParseCode(code), ParseMask(code), status, desc, null)
    {
    }

    /// <param name="code">Four hexadecimal digits; x stands for any digit.</param>
    /// <param name="status">Class of the status.</param>
    /// <param name="desc">For people.</param>
    /// <param name="comment">Goes out as Error Comment; cut to 64 characters.</param>
    public DicomStatus(string code, DicomState status, string desc, string comment)
        : this(ParseCode(code), ParseMask(code), status, desc, comment)
    {
    }

    /// <summary>The same status with a comment (cut to 64 characters).</summary>
    public DicomStatus(DicomStatus status, string comment)
        : this(NotNull(status).Code, status._mask, status.State, status.Description, comment)
    {
    }

    private DicomStatus(ushort code, ushort mask, DicomState state, string description, string? comment)
    {
        Code = code;
        _mask = mask;
        State = state;
        Description = description;
        ErrorComment = comment is { Length: > CommentLimit } ? comment[..CommentLimit] : comment;
    }

    /// <summary>The status for a code as received. An unknown code keeps its value; only 0000 is ever a success.</summary>
    public static DicomStatus Lookup(ushort code)
    {
        code = Weakness.Status(code);
        foreach (var known in _known)
        {
            if ((code & known._mask) == known.Code)
            {
                return known.Code == code ? known : new DicomStatus(code, 0xFFFF, known.State, known.Description, null);
            }
        }

        return new DicomStatus(code, 0xFFFF, ClassOf(code), "Unknown status", null);
    }

    public override string ToString() => ErrorComment is null ? $"{Description} [{Code:X4}]" : $"{Description} [{Code:X4}]: {ErrorComment}";

    public override bool Equals(object? obj) => obj is DicomStatus other && other.Code == Code;

    public override int GetHashCode() => Code;

    // PS3.7 annex C: 0001, 0107, 0116 and Bxxx are warnings, FF01 is pending with optional keys unsupported.
    private static DicomState ClassOf(ushort code) => code switch
    {
        0xFF01 => DicomState.Pending,
        0x0001 or 0x0107 or 0x0116 => DicomState.Warning,
        >= 0xB000 and <= 0xBFFF => DicomState.Warning,
        _ => DicomState.Failure,
    };

    private static ushort ParseCode(string code) =>
        ushort.Parse(code.Replace('x', '0').Replace('X', '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static ushort ParseMask(string code)
    {
        ushort mask = 0;
        foreach (var digit in code)
        {
            mask = (ushort)((mask << 4) | (digit is 'x' or 'X' ? 0x0 : 0xF));
        }

        return mask;
    }

    private static DicomStatus NotNull(DicomStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status;
    }
}
