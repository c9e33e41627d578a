using HSENet.Model;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>A volume as read.</summary>
/// <param name="Input">HU with geometry.</param>
/// <param name="Intensity">Where the HU came from.</param>
internal sealed record VolumeReading(CtInput Input, IntensityChoice Intensity);
