namespace HSENet.Trainer.Data;

/// <summary>HU = slope * stored value + intercept.</summary>
internal sealed record RescaleValues(double Slope, double Intercept);
