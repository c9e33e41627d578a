using System.Text.Json.Serialization;

namespace HSENet.Trainer.Data;

/// <summary>HU = slope * stored value + intercept.</summary>
internal sealed record RescaleValues([property: JsonRequired] double Slope, [property: JsonRequired] double Intercept);
