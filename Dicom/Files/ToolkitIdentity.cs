using System.Reflection;
using FellowOakDicom;

namespace HSENet.Dicom.Files;

/// <summary>Which DICOM toolkit this build works with: fo-dicom, or the stand-in that this repository holds.</summary>
public static class ToolkitIdentity
{
    private static readonly Assembly s_toolkit = typeof(DicomDataset).Assembly;

    /// <summary>The stand-in is for development: production runs on fo-dicom.</summary>
    public static bool IsStandIn { get; } = s_toolkit.GetName().Name == "HSENet.Dicom.Toolkit";

    /// <summary>Name and version, such as <c>fo-dicom 5.2.6</c>.</summary>
    public static string Text { get; } = $"{(IsStandIn ? "stand-in" : "fo-dicom")} {Version()}";

    private static string Version()
    {
        var informational = s_toolkit.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return informational ?? s_toolkit.GetName().Version?.ToString(3) ?? "of unknown version";
    }
}
