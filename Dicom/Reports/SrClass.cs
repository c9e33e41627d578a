using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>The SR classes in which a draft report's tree is legal (PS3.3 A.35.1 to A.35.3), the one that most archives take first.</summary>
public enum SrClass
{
    Basic,
    Enhanced,
    Comprehensive,
}

/// <summary>The classes as names of settings and rows, and as SOP classes.</summary>
public static class SrClasses
{
    /// <summary>In the order in which a destination is asked.</summary>
    public static IReadOnlyList<SrClass> All { get; } = [SrClass.Basic, SrClass.Enhanced, SrClass.Comprehensive];

    /// <summary>The SOP classes in the same order.</summary>
    public static IReadOnlyList<DicomUID> SopClasses { get; } = [.. All.Select(SopClass)];

    public static string Name(this SrClass srClass) => srClass switch
    {
        SrClass.Enhanced => "enhanced",
        SrClass.Comprehensive => "comprehensive",
        _ => "basic",
    };

    /// <returns>Null for any other word.</returns>
    public static SrClass? Parse(string? name) => All.Cast<SrClass?>().FirstOrDefault(c => string.Equals(c!.Value.Name(), name, StringComparison.OrdinalIgnoreCase));

    public static DicomUID SopClass(this SrClass srClass) => srClass switch
    {
        SrClass.Enhanced => DicomUID.EnhancedSRStorage,
        SrClass.Comprehensive => DicomUID.ComprehensiveSRStorage,
        _ => DicomUID.BasicTextSRStorage,
    };

    /// <summary>The first of ours that a peer takes; null: none.</summary>
    /// <param name="accepted">SOP classes that it accepted.</param>
    public static SrClass? Best(IReadOnlyCollection<string> accepted) => All.Cast<SrClass?>().FirstOrDefault(c => accepted.Contains(c!.Value.SopClass().UID));
}
