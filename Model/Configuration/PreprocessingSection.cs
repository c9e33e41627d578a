using System.Text.Json.Serialization;
using HSENet.Model.Preprocessing;

namespace HSENet.Model.Configuration;

/// <summary>How a CT volume becomes the network's inputs.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PreprocessingSection
{
    /// <summary><c>ct-rate</c> or <c>bimcv-r</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>(depth, axis 1, axis 2), mm.</summary>
    public required double[] Spacing { get; init; }

    /// <summary>Lower and upper limit of the volume, HU.</summary>
    public required double[] VolumeWindow { get; init; }

    /// <summary>Lower and upper limit of the slices, HU.</summary>
    public required double[] SliceWindow { get; init; }

    /// <summary>JPEG quality of the slices, 1..100; 0 = no JPEG step.</summary>
    public int SliceJpegQuality { get; init; }

    /// <summary>Patient direction (L R A P S I) in which each axis of the network's volume increases.</summary>
    public required string[] Axes { get; init; }

    /// <summary>True once the axes were checked against a file that the weights were trained with.</summary>
    public bool AxesVerified { get; init; }

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public PreprocessSpec ToSpec(VisionSection vision, SlicesSection slices)
    {
        ConfigurationCheck.Triple("preprocessing.spacing", Spacing);
        ConfigurationCheck.Pair("preprocessing.volumeWindow", VolumeWindow);
        ConfigurationCheck.Pair("preprocessing.sliceWindow", SliceWindow);
        ConfigurationCheck.Triple("preprocessing.axes", Axes);
        if (Axes.Any(axis => axis.Length != 1))
        {
            throw new HSENetModelException("model.config", "preprocessing.axes: each axis is one letter of L R A P S I.");
        }

        return new PreprocessSpec
        {
            Protocol = Protocol,
            Image = (vision.Image[0], vision.Image[1], vision.Image[2]),
            SpacingMm = (Spacing[0], Spacing[1], Spacing[2]),
            VolumeWindow = (VolumeWindow[0], VolumeWindow[1]),
            SliceWindow = (SliceWindow[0], SliceWindow[1]),
            SliceCount = slices.Count,
            SliceJpegQuality = SliceJpegQuality,
            Axes = (Axes[0][0], Axes[1][0], Axes[2][0]),
            AxesVerified = AxesVerified,
        };
    }
}
