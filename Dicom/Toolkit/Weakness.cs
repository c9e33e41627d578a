namespace FellowOakDicom;

/// <summary>What a toolkit may lack. This one lacks none of it; the weak toolkit of the tests (tests/HSENet.WeakToolkit) is built with another file in this one's place.</summary>
internal static class Weakness
{
    public static bool HasNoDepthLimit => false;

    public static bool WritesOddLengths => false;

    /// <summary>Time that a stopped server keeps its port.</summary>
    public static TimeSpan PortIsKept => TimeSpan.Zero;

    /// <summary>What a status is taken for.</summary>
    public static ushort Status(ushort code) => code;

    /// <summary>What a term of Specific Character Set is taken for.</summary>
    public static string CharacterSet(string term) => term;

    /// <summary>Called with each data set that was read.</summary>
    public static void Read(DicomDataset dataset)
    {
    }
}
