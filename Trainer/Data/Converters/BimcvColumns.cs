namespace HSENet.Trainer.Data.Converters;

/// <summary>The columns of a BIMCV-R report table; the published names are not known here, so they are settings.</summary>
/// <param name="Volume">Path below the data folder, or the name of a study's folder (<c>CT…</c>).</param>
/// <param name="Report">The translated report.</param>
internal sealed record BimcvColumns(string Volume = "image", string Report = "report");
