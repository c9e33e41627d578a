namespace HSENet.Dicom.Sending;

/// <summary>What a status means for the sender.</summary>
public enum StatusMeaning
{
    Success,

    /// <summary>Stored, with a remark.</summary>
    Warning,

    /// <summary>Tells of the peer's own state: the same object may be taken later.</summary>
    Passing,

    /// <summary>A verdict: the same object is refused again until somebody changes something there.</summary>
    Final,
}

/// <summary>A status as a peer answered it, with its name in the standard.</summary>
/// <param name="Code">Status (0000,0900).</param>
/// <param name="Name">Its name; of a code that the standard does not give, the name of its class.</param>
/// <param name="Meaning">What follows.</param>
public sealed record DimseStatus(ushort Code, string Name, StatusMeaning Meaning)
{
    /// <summary>
    /// The one table: C-STORE (PS3.4 B.2.3) and the statuses of every service (PS3.7 C). A pattern with x stands for any digit; the first
    /// that fits counts.
    /// </summary>
    private static readonly (string Pattern, string Name, StatusMeaning Meaning)[] s_table =
    [
        ("0000", "Success", StatusMeaning.Success),
        ("0001", "Requested Optional Attributes Not Supported", StatusMeaning.Warning),
        ("0107", "Attribute List Error", StatusMeaning.Warning),
        ("0116", "Attribute Value Out of Range", StatusMeaning.Warning),
        ("B000", "Coercion of Data Elements", StatusMeaning.Warning),
        ("B006", "Elements Discarded", StatusMeaning.Warning),
        ("B007", "Data Set Does Not Match SOP Class", StatusMeaning.Warning),
        ("Bxxx", "Warning", StatusMeaning.Warning),
        ("A7xx", "Refused: Out of Resources", StatusMeaning.Passing),
        ("0110", "Processing Failure", StatusMeaning.Passing),
        ("0213", "Resource Limitation", StatusMeaning.Passing),
        ("0105", "No Such Attribute", StatusMeaning.Final),
        ("0106", "Invalid Attribute Value", StatusMeaning.Final),
        ("0111", "Duplicate SOP Instance", StatusMeaning.Final),
        ("0112", "No Such SOP Instance", StatusMeaning.Final),
        ("0113", "No Such Event Type", StatusMeaning.Final),
        ("0114", "No Such Argument", StatusMeaning.Final),
        ("0115", "Invalid Argument Value", StatusMeaning.Final),
        ("0117", "Invalid SOP Instance", StatusMeaning.Final),
        ("0118", "No Such SOP Class", StatusMeaning.Final),
        ("0119", "Class-Instance Conflict", StatusMeaning.Final),
        ("0120", "Missing Attribute", StatusMeaning.Final),
        ("0121", "Missing Attribute Value", StatusMeaning.Final),
        ("0122", "Refused: SOP Class Not Supported", StatusMeaning.Final),
        ("0123", "No Such Action Type", StatusMeaning.Final),
        ("0124", "Refused: Not Authorized", StatusMeaning.Final),
        ("0210", "Duplicate Invocation", StatusMeaning.Final),
        ("0211", "Unrecognized Operation", StatusMeaning.Final),
        ("0212", "Mistyped Argument", StatusMeaning.Final),
        ("A9xx", "Data Set Does Not Match SOP Class", StatusMeaning.Final),
        ("Axxx", "Failure", StatusMeaning.Final),
        ("Cxxx", "Cannot Understand", StatusMeaning.Final),
        ("FE00", "Cancel", StatusMeaning.Final),
        ("xxxx", "Unknown Status", StatusMeaning.Final),
    ];

    /// <summary>All that is known, in order: pattern, name, meaning.</summary>
    public static IReadOnlyList<(string Pattern, string Name, StatusMeaning Meaning)> Table => s_table;

    public static DimseStatus Of(ushort code)
    {
        var text = code.ToString("X4", null);
        var (_, name, meaning) = s_table.First(row => row.Pattern.Zip(text).All(p => p.First is 'x' || p.First == p.Second));
        return new(code, name, meaning);
    }

    /// <summary><c>A700 Refused: Out of Resources</c>.</summary>
    public override string ToString() => $"{Code:X4} {Name}";
}
