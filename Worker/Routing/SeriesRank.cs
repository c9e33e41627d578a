using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Worker.Routing;

/// <summary>
/// Which series of a study the one report is made of: one that may hold a whole chest, then thin soft-tissue axial first. The gate lets
/// only axial CT through, so what is left to compare is how much it covers and the reconstruction. Greater is better.
/// </summary>
/// <param name="IsPartial">Closed by its deadline: any complete series is better.</param>
/// <param name="IsSharp">Convolution Kernel is made for bone or lung.</param>
/// <param name="SpacingMm">Distance of neighbouring slices, mm.</param>
/// <param name="SliceCount">Slices.</param>
/// <param name="IsStretch">It covers clearly less of the patient than another series of the study does (<see cref="IsStretchOf"/>).</param>
internal sealed partial record SeriesRank(bool IsPartial, bool IsSharp, double SpacingMm, int SliceCount, bool IsStretch = false)
    : IComparable<SeriesRank>
{
    /// <summary>The model sees 1.5 mm along the patient: below that thinner slices add nothing but noise, so they count as equal.</summary>
    private const double ThinEnoughMm = 1.5;

    /// <summary>Steps in which spacings are told apart, mm.</summary>
    private const double StepMm = 0.25;

    /// <summary>Lungs are no longer: a scan that goes on to the pelvis makes no stretch of a chest.</summary>
    private const double ChestMm = 300;

    /// <summary>Where nothing is longer, nothing is known to be whole.</summary>
    private const double LeastChestMm = 150;

    /// <summary>Two series of one chest may begin and end a little apart.</summary>
    private const double StretchShare = 0.75;

    private static readonly string[] SharpNames =
        ["LUNG", "BONE", "BONEPLUS", "EDGE", "DETAIL", "ULTRA", "HD", "SHARP", "YA", "YB", "YC", "YD", "D", "E", "L"];

    /// <summary>From the lowest slice to the highest and its own thickness, mm.</summary>
    public double LengthMm => SpacingMm * SliceCount;

    /// <summary>Whether a complete series covers clearly less than the longest complete one of its study.</summary>
    public bool IsStretchOf(double longestMm) => !IsPartial && longestMm >= LeastChestMm && LengthMm < StretchShare * Math.Min(longestMm, ChestMm);

    /// <summary>A kernel for bone or lung, by the names of the four large makers: GE's words, Siemens' B/Br/Bl/Hr and number, Canon's FC and number, Philips' letters.</summary>
    public static bool IsSharpKernel(IEnumerable<string> convolutionKernel)
    {
        foreach (var value in convolutionKernel)
        {
            var kernel = value.Trim().ToUpperInvariant();
            if (SharpNames.Contains(kernel, StringComparer.Ordinal))
                return true;

            // Siemens: B31f, I70f, Br64d, Bl57, Qr40; from 50 on edges are enhanced; Bl is for lungs at any number
            if (Siemens().Match(kernel) is { Success: true } siemens)
                return siemens.Groups["body"].Value == "BL" || int.Parse(siemens.Groups["number"].Value, CultureInfo.InvariantCulture) >= 50;

            // Canon: FC01 to FC29 soft tissue, FC30 to FC39 bone, FC50 to FC59 and FC80 on lung
            if (Canon().Match(kernel) is { Success: true } canon)
                return int.Parse(canon.Groups["number"].Value, CultureInfo.InvariantCulture) >= 30;
        }

        return false;
    }

    public int CompareTo(SeriesRank? other)
    {
        if (other is null)
            return 1;

        var order = other.IsPartial.CompareTo(IsPartial);
        order = order != 0 ? order : other.IsStretch.CompareTo(IsStretch);
        order = order != 0 ? order : other.IsSharp.CompareTo(IsSharp);
        order = order != 0 ? order : other.Steps.CompareTo(Steps);
        return order != 0 ? order : SliceCount.CompareTo(other.SliceCount);
    }

    private int Steps => (int)Math.Ceiling((Math.Max(SpacingMm, ThinEnoughMm) - 0.01) / StepMm);

    [GeneratedRegex("^(?<body>[BHI][FRLVSO]?|QR|UR|AR)(?<number>[0-9]{2})[A-Z]?", RegexOptions.CultureInvariant)]
    private static partial Regex Siemens();

    [GeneratedRegex("^FC(?<number>[0-9]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex Canon();
}
